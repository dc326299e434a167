import SSHConfig from 'ssh-config';

/** One directive of an ssh_config file. */
export interface ConfigLine {
  /** Lower case. */
  readonly keyword: string;
  /** The value split into words, quotes and comments removed. */
  readonly words: readonly string[];
  /** The value as written. */
  readonly rest: string;
  readonly file: string;
  readonly line: number;
}

const escapable = new Set(["'", '"', '\\']);

// As OpenSSH splits: both kinds of quotes, `#` begins a comment only where a word could begin.
function splitWords(text: string): string[] {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === ' ' || text[at] === '\t') at++;
    if (at >= text.length || text[at] === '#') return words;
    let word = '';
    let quote = '';
    for (; at < text.length; at++) {
      const char = text[at] ?? '';
      const next = text[at + 1] ?? '';
      if (char === '\\' && (escapable.has(next) || (!quote && next === ' '))) {
        word += next;
        at++;
      } else if (!quote && (char === ' ' || char === '\t')) break;
      else if (!quote && (char === '"' || char === "'")) quote = char;
      else if (char === quote) quote = '';
      else word += char;
    }
    if (quote) throw new Error(`a ${quote} is not closed`);
    words.push(word);
  }
}

// ssh-config parses one line at a time: over line ends it takes the next line for a missing value.
// Its own values are not used: it cuts paths at `#` and knows neither single quotes nor `Match !final`.
function splitLine(text: string): { keyword: string; rest: string } | undefined {
  const match = /^\s*(match)(?:\s*=\s*|\s+)(.*)$/i.exec(text);
  if (match) return { keyword: 'match', rest: match[2] ?? '' };
  const [node] = SSHConfig.parse(text);
  if (node?.type !== SSHConfig.DIRECTIVE || node.param === '') return undefined;
  const rest = text.slice(node.before.length + node.param.length + node.separator.length);
  return { keyword: node.param.toLowerCase(), rest };
}

function parseLine(text: string, file: string, line: number): ConfigLine | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  if (!/^[^\s=]+(\s*=\s*|\s+)\S/.test(trimmed)) throw new Error(`'${trimmed}' has no value`);
  const split = splitLine(trimmed);
  return split && { ...split, words: splitWords(split.rest), file, line };
}

/** The directives of a file in order; throws an error that names file and line. */
export function parseConfig(text: string, file: string): readonly ConfigLine[] {
  return text.split('\n').flatMap((row, index) => {
    try {
      return parseLine(row, file, index + 1) ?? [];
    } catch (error) {
      throw new Error(`${file}:${index + 1}: ${error instanceof Error ? error.message : error}`);
    }
  });
}
