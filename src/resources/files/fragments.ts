import { controlEscapes } from '../../python/control-escapes.ts';
import { readPattern } from './pattern.ts';

/** A file of a directory whose files become one. */
export interface Fragment {
  readonly name: string;
  readonly content: Buffer;
}

/** How fragments are chosen and joined. */
export interface Assembly {
  readonly delimiter?: string | undefined;
  readonly regexp?: string | undefined;
  readonly ignoreHidden?: boolean | undefined;
}

const escapes: Readonly<Record<string, string>> = {
  ...controlEscapes,
  "'": "'",
  '"': '"',
  '\\': '\\',
  '\n': '',
};

// As Python reads the escapes of a string of bytes.
function unescaped(text: string): Buffer {
  const parts = text.split(/(\\x[0-9A-Fa-f]{2}|\\[0-7]{1,3}|\\[\s\S])/);
  return Buffer.concat(
    parts.map((part, index) => {
      if (index % 2 === 0) return Buffer.from(part);
      const rest = part.slice(1);
      if (/^x/.test(rest)) return Buffer.from(rest.slice(1), 'hex');
      if (/^[0-7]/.test(rest)) return Buffer.from([Number.parseInt(rest, 8) & 0xff]);
      return Buffer.from(escapes[rest] ?? part);
    }),
  );
}

/** Why fragments cannot be chosen. */
export function assemblyFault({ regexp }: Assembly): string | undefined {
  const pattern = regexp === undefined ? undefined : readPattern('regexp', regexp);
  return pattern?.kind === 'fault' ? pattern.reason : undefined;
}

/** The chosen fragments in the order of the bytes of their names, each ended by a newline, with the delimiter between them. */
export function assembled(fragments: readonly Fragment[], assembly: Assembly): Buffer {
  const { regexp, delimiter, ignoreHidden } = assembly;
  const pattern = regexp === undefined ? undefined : readPattern('regexp', regexp);
  const chosen = fragments
    .filter(({ name }) => pattern?.kind !== 'pattern' || pattern.expression.test(name))
    .filter(({ name }) => !ignoreHidden || !name.startsWith('.'))
    .toSorted((one, other) => Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)));
  const between = unescaped(delimiter ?? '');
  const line = Buffer.from('\n');
  const parts: Buffer[] = [];
  for (const [index, { content }] of chosen.entries()) {
    const before = chosen[index - 1]?.content;
    if (before && before.at(-1) !== 10) parts.push(line);
    if (before && between.length > 0) parts.push(between, ...(between.at(-1) === 10 ? [] : [line]));
    parts.push(content);
  }
  return Buffer.concat(parts);
}
