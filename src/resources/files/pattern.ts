import { pythonPattern } from '../../python/python-pattern.ts';

/** A regular expression as Python writes it, or why it cannot be used. */
export type Pattern =
  | { readonly kind: 'pattern'; readonly expression: RegExp }
  | { readonly kind: 'fault'; readonly reason: string };

/** Reads a regular expression of Python's `re`; letters and digits are those of ASCII, as in the bytes that Ansible looks at. */
export function readPattern(argument: string, source: string): Pattern {
  try {
    return { kind: 'pattern', expression: pythonPattern(source, { ascii: true }) };
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
