/** Facilities as syslog numbers them; a selector may use the older names too. */
const facilities = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp'],
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
] as const;
const otherFacilities = ['*', 'security', 'mark', 'ntp', 'audit', 'alert', 'clock'];

const severities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;
const otherSeverities: Readonly<Record<string, number>> = { panic: 0, error: 3, warn: 4 };

/** A priority under which a program's line passes a selector, or why there is none. */
export type ProofPriority = { readonly priority: string } | { readonly fault: string };

// A program may send under any facility but the kernel's; emerg is shown to everybody who is logged in.
const sendable = ['user', 'daemon', 'local7', 'local0', ...facilities].filter((one) => one !== 'kern');
const preferred = ['notice', 'info', 'warning', 'err', 'crit', 'alert', 'debug', 'emerg'] as const;

/**
 * Chooses the priority of a line that is to prove a selector. Filters by property and expressions are not evaluated: the usual priority is as
 * good as any.
 */
export function proofPriority(selector: string): ProofPriority {
  const text = selector.trim();
  if (/^(:|if\b|!|\+|-)/.test(text)) return { priority: 'user.notice' };
  const passes = new Map<string, Set<number>>();
  for (const part of text.split(';').filter((one) => one.trim() !== '')) {
    const fault = apply(part.trim(), passes);
    if (fault !== undefined) return { fault };
  }
  for (const severity of preferred) {
    const facility = sendable.find((one) => passes.get(one)?.has(severities.indexOf(severity)));
    if (facility !== undefined) return { priority: `${facility}.${severity}` };
  }
  return {
    fault: passes.get('kern')?.size
      ? 'only lines of the kernel pass it, and no program can send one to prove the way'
      : 'nothing passes it',
  };
}

// Later parts count more: none takes back what came before.
function apply(part: string, passes: Map<string, Set<number>>): string | undefined {
  const [, names = '', not = '', only = '', priority = ''] = /^([^.]+)\.(!?)(=?)(\S+)$/.exec(part) ?? [];
  if (names === '') return `'${part}' is no selector; one is facility.priority, as in auth,authpriv.*`;
  const levels = levelsOf(priority.toLowerCase(), only !== '');
  if (!levels) return `'${priority}' is no priority; those are ${severities.join(', ')}, * and none`;
  for (const name of names.toLowerCase().split(',')) {
    if (!(facilities as readonly string[]).includes(name) && !otherFacilities.includes(name))
      return `'${name}' is no facility; those are ${facilities.join(', ')} and *`;
    for (const facility of name === '*' ? facilities : [name === 'security' ? 'auth' : name]) {
      const set = passes.get(facility) ?? new Set();
      passes.set(facility, set);
      if (levels === 'none') set.clear();
      else
        for (const level of levels)
          if (not) set.delete(level);
          else set.add(level);
    }
  }
  return undefined;
}

function levelsOf(priority: string, only: boolean): readonly number[] | 'none' | undefined {
  if (priority === 'none') return 'none';
  if (priority === '*') return severities.map((_, level) => level);
  const level = otherSeverities[priority] ?? (severities as readonly string[]).indexOf(priority);
  if (level < 0) return undefined;
  return only ? [level] : severities.map((_, index) => index).filter((index) => index <= level);
}
