import { isIPv6 } from 'node:net';
import { didYouMean, nearest } from '../../errors/did-you-mean.ts';
import type { Host, Inventory } from '../model.ts';
import { implicitLocalhost, localNames } from './inventory.ts';

/** A part of a pattern that cannot be resolved. */
interface PatternProblem {
  readonly message: string;
  readonly hint?: string;
  /** The host or group that is not there. */
  readonly absent?: string;
  /** It names nothing that is there, and is no slip either: a play goes on without it, as with Ansible. */
  readonly ignored?: true;
}

/** Hosts that a pattern selects, in the order of the inventory. */
export interface SelectedHosts {
  readonly hosts: readonly Host[];
  readonly problems: readonly PatternProblem[];
}

// Node's own test takes milliseconds when it is first used, and most patterns have other letters.
const hexadecimal = /^[\da-f.]*:[\da-f:.]*(?:%.*)?$/i;

/** Splits at commas or, if there are none, at colons outside brackets; a pattern that is an address is one part. */
function partsOf(pattern: string): readonly string[] {
  const parts = pattern.includes(',')
    ? pattern.split(',')
    : hexadecimal.test(pattern.trim()) && isIPv6(pattern.trim())
      ? [pattern]
      : pattern.split(/:(?![^[]*\])/);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function globExpression(glob: string): RegExp {
  const source = glob.replaceAll(/\[!?[^\]]*\]|[*?]|[^\w]/g, (found) => {
    if (found === '*') return '.*';
    if (found === '?') return '.';
    return found.startsWith('[') && found.length > 1 ? found.replace('[!', '[^') : `\\${found}`;
  });
  return new RegExp(`^${source}$`);
}

/** Resolves one part without its prefix and subscript. */
function named(inventory: Inventory, word: string): { readonly names: readonly string[] } | PatternProblem {
  const all = inventory.groups.get('all') ?? [];
  if (word === 'all' || word === '*') return { names: all };
  const known = [...inventory.groups.keys(), ...inventory.hosts.keys()];
  if (inventory.groups.has(word)) return { names: inventory.groups.get(word) ?? [] };
  if (inventory.hosts.has(word) || localNames.includes(word)) return { names: [word] };
  const isPattern = word.startsWith('~') || /[*?[]/.test(word);
  if (!isPattern) {
    const hint =
      all.length === 0
        ? 'the inventory has no hosts: add `inventory:` to the playbook or use -i'
        : /\s/.test(word)
          ? `hosts are separated by commas: ${word.trim().split(/\s+/).join(',')}`
          : didYouMean(word, known);
    const ignored = all.length > 0 && nearest(word, known) === undefined;
    return {
      message: `there is no host or group '${word}'`,
      absent: word,
      ...(hint && { hint }),
      ...(ignored && { ignored }),
    };
  }
  let expression: RegExp;
  try {
    expression = word.startsWith('~') ? new RegExp(`^(?:${word.slice(1)})`) : globExpression(word);
  } catch {
    return { message: `'${word}' is not a pattern of host names` };
  }
  const matched = new Set<string>();
  for (const [group, hosts] of inventory.groups) {
    if (expression.test(group)) for (const host of hosts) matched.add(host);
  }
  for (const host of all) if (expression.test(host)) matched.add(host);
  return matched.size > 0
    ? { names: [...matched] }
    : { message: `no host or group matches '${word}'`, absent: word };
}

// group[0], group[-1], group[1:3] (both ends counted), group[1:]
function subscripted(
  inventory: Inventory,
  word: string,
): { readonly names: readonly string[] } | PatternProblem {
  const match = word.startsWith('~') ? null : /^(.+)\[(-?\d+)(?:([:-])(\d*))?\]$/.exec(word);
  const [, base, first, separator, last] = match ?? [];
  const isRange =
    base !== undefined &&
    first !== undefined &&
    (separator !== undefined || inventory.groups.has(base) || !/[*?]/.test(base));
  if (!isRange) return named(inventory, word);
  const group = named(inventory, base);
  if ('message' in group) return group;
  const from = Number(first);
  if (separator === undefined) {
    const one = group.names.at(from);
    const count = group.names.length === 1 ? 'one host' : `${group.names.length} hosts`;
    return one === undefined
      ? { message: `'${base}' has only ${count}: there is no [${first}]` }
      : { names: [one] };
  }
  return { names: group.names.slice(from, last === '' || last === undefined ? undefined : Number(last) + 1) };
}

/**
 * Hosts of a pattern: `all`, names, globs, `a:b` or `a,b`, `!x`, `&x`, `~regex`, `group[0]`, `group[1:3]`.
 * As in Ansible, intersections and exclusions count after everything else, wherever they stand.
 */
export function selectHosts(inventory: Inventory, pattern: string): SelectedHosts {
  const parts = partsOf(pattern);
  const problems: PatternProblem[] = [];
  const resolve = (part: string): ReadonlySet<string> => {
    const found = subscripted(inventory, part);
    if ('names' in found) return new Set(found.names);
    problems.push(found);
    return new Set();
  };
  const plain = parts.filter((part) => !/^[!&]/.test(part));
  const selected = new Set(
    plain.length > 0 ? plain.flatMap((part) => [...resolve(part)]) : (inventory.groups.get('all') ?? []),
  );
  for (const part of parts.filter((one) => one.startsWith('&'))) {
    const kept = resolve(part.slice(1));
    for (const name of selected) if (!kept.has(name)) selected.delete(name);
  }
  for (const part of parts.filter((one) => one.startsWith('!'))) {
    for (const name of resolve(part.slice(1))) selected.delete(name);
  }
  if (parts.length === 0) problems.push({ message: 'the pattern of hosts is empty' });
  const order = [...inventory.hosts.keys()];
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const hosts = [...selected]
    .sort((a, b) => place(a) - place(b))
    .map((name) => inventory.hosts.get(name) ?? implicitLocalhost(name, inventory));
  return { hosts, problems };
}
