/** An expression for `grep -E`, and whether letters count in either case. */
export interface GrepPattern {
  readonly pattern: string;
  readonly ignorecase: boolean;
}

const classes: Readonly<Record<string, string>> = { d: '0-9', w: 'A-Za-z0-9_', s: '[:space:]' };
const characters: Readonly<Record<string, string>> = { t: '\t', r: '\r', f: '\f', v: '\v', a: '\x07' };

function unknown(part: string): SyntaxError {
  return new SyntaxError(`grep on the host has nothing for ${part}`);
}

function literal(character: string): string {
  if (character === '\n') throw unknown('line ends: a line is looked at by itself');
  return /[.[\]()*+?{}|^$\\]/.test(character) ? `\\${character}` : character;
}

function escaped(letter: string): string {
  const known = classes[letter.toLowerCase()];
  if (known !== undefined) return letter === letter.toLowerCase() ? `[${known}]` : `[^${known}]`;
  if (letter === 'b' || letter === 'B') return `\\${letter}`;
  const character = characters[letter];
  if (character !== undefined) return character;
  // What is no letter and no digit means itself, in grep only where it means something else without the backslash.
  if (/^[A-Za-z0-9]$/.test(letter) || letter === '') throw unknown(`\\${letter}`);
  return literal(letter);
}

// In brackets of POSIX a backslash is a character like any other, and where ] ^ [ and - stand decides what they mean.
function bracket(source: string): string {
  const [, negated = '', inside = ''] = /^\[(\^?)(.*)\]$/s.exec(source) ?? [];
  const ranges: string[] = [];
  const single = new Set<string>();
  for (const [, from = '', to] of inside.matchAll(/(\\.|[^\\])(?:-(\\.|[^\\]))?/gs)) {
    const one = member(from);
    const last = to === undefined ? undefined : member(to);
    if (last !== undefined) {
      if (one.length > 1 || last.length > 1 || /[\][^-]/.test(one + last)) throw unknown(source);
      ranges.push(`${one}-${last}`);
    } else if (one.length > 1) ranges.push(one);
    else single.add(one);
  }
  const [close = '', caret = '', open = '', dash = ''] = [']', '^', '[', '-'].map((one) =>
    single.delete(one) ? one : '',
  );
  const middle = [...ranges, ...single].join('');
  if (negated !== '' || close !== '' || middle !== '')
    return `[${negated}${close}${middle}${caret}${open}${dash}]`;
  if (open !== '') return `[${open}${caret}${dash}]`;
  return dash === '' ? '\\^' : `[${dash}${caret}]`;
}

function member(text: string): string {
  if (!text.startsWith('\\')) return text;
  const letter = text.slice(1);
  const known = classes[letter] ?? characters[letter];
  if (known !== undefined) return known;
  if (/^[A-Za-z0-9\n]$/.test(letter)) throw unknown(`\\${letter} in [ ]`);
  return letter;
}

const part =
  /\\(.?)|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?::|P<\w+>)|\(\?|(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d+\})([?+]?)|./gs;

/**
 * A regular expression of Python's as grep reads it, where it is only asked whether a line has it.
 * Throws SyntaxError for what grep cannot say.
 */
export function grepPattern(source: string): GrepPattern {
  const [flags = ''] = /^\(\?[im]+\)/.exec(source) ?? [];
  const pattern = source.slice(flags.length).replaceAll(part, (found, letter, lazy) => {
    if (found.startsWith('\\')) return escaped(letter);
    if (found.startsWith('[')) {
      if (found === '[') throw new SyntaxError('unterminated character set');
      return bracket(found);
    }
    if (found === '(?') throw unknown('(?...)');
    if (found.startsWith('(?')) return '(';
    if (lazy === '+') throw unknown(found);
    if (lazy !== undefined) return found.slice(0, found.length - lazy.length).replace('{,', '{0,');
    return found === '{' || found === '}' || found === '\n' ? literal(found) : found;
  });
  return { pattern, ignorecase: flags.includes('i') };
}
