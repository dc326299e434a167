/** A regular expression as Python writes it, or why it cannot be used. */
export type Pattern =
  | { readonly kind: 'pattern'; readonly expression: RegExp }
  | { readonly kind: 'fault'; readonly reason: string };

/** Reads a regular expression in Python's spelling: `(?P<name>...)`, `(?P=name)`, `\A`, `\Z` and leading `(?i)`. */
export function readPattern(argument: string, source: string, flags = ''): Pattern {
  const leading = /^\(\?([ims]+)\)/.exec(source);
  const body = source
    .slice(leading?.[0].length ?? 0)
    .replace(/\\[\s\S]|\(\?P<|\(\?P=(\w+)\)/g, (found, name) => {
      if (found === '\\A') return '(?<![\\s\\S])';
      if (found === '\\Z') return '(?![\\s\\S])';
      if (found === '(?P<') return '(?<';
      return name === undefined ? found : `\\k<${name}>`;
    });
  try {
    const all = new Set(flags + (leading?.[1] ?? ''));
    return { kind: 'pattern', expression: new RegExp(body, [...all].join('')) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'fault', reason: `${argument}: ${why}` };
  }
}

/** Puts the groups of a match into `\1`, `\g<1>` and `\g<name>` of a replacement. */
export function expandGroups(replacement: string, match: RegExpExecArray): string {
  return replacement.replace(/\\(?:(\d{1,2})|g<(\w+)>|(.))/g, (_all, number, name, other) => {
    const group = number ?? name;
    if (group === undefined) return { n: '\n', t: '\t', '\\': '\\' }[other as string] ?? `\\${other}`;
    return (/^\d+$/.test(group) ? match[Number(group)] : match.groups?.[group]) ?? '';
  });
}
