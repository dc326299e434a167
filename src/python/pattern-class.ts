/** The inside of a set for each class of characters, as Python reads them in texts and, with `a`, in ASCII. */
const classes: Readonly<Record<string, { readonly text: string; readonly ascii: string }>> = {
  d: { text: '\\p{Nd}', ascii: '0-9' },
  s: {
    text: '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000',
    ascii: '\\t-\\r\\x20',
  },
  w: { text: '\\p{L}\\p{N}_', ascii: '0-9A-Z_a-z' },
};

/** A class such as `\w` or `\W` as a set; undefined for another letter. */
export function classSet(letter: string, ascii: boolean): string | undefined {
  const known = classes[letter.toLowerCase()];
  if (!known) return undefined;
  const inside = ascii ? known.ascii : known.text;
  return letter === letter.toLowerCase() ? `[${inside}]` : `[^${inside}]`;
}

/** `\b` or `\B`: between a character of a word and another one, or not. */
export function boundary(letter: 'b' | 'B', ascii: boolean): string {
  const word = classSet('w', ascii);
  return letter === 'b'
    ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
    : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
}

/** One character that stands for nothing but itself. */
export function literal(character: string): string {
  return /^[A-Za-z0-9_]$/.test(character) ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
