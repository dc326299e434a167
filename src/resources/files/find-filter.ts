import { pythonPattern } from '../../python/python-pattern.ts';
import type { FoundFile } from './found-file.ts';

/** Which of the entries are meant. */
export interface FindFilter {
  readonly patterns?: readonly string[];
  readonly excludes?: readonly string[];
  readonly use_regex?: boolean;
  readonly file_type?: 'file' | 'directory' | 'link' | 'any';
  readonly hidden?: boolean;
  readonly age?: string;
  readonly age_stamp?: 'atime' | 'ctime' | 'mtime';
  readonly size?: string;
  readonly contains?: string;
  readonly read_whole_file?: boolean;
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const bytes: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

// A pattern of Python's fnmatch.
function globExpression(glob: string): RegExp {
  const source = glob.replaceAll(/\[!?\]?[^\]]*\]|[*?]|[^\w]/gs, (found) => {
    if (found === '*') return '[\\s\\S]*';
    if (found === '?') return '[\\s\\S]';
    if (found.length === 1) return `\\${found}`;
    const inner = found.slice(1, -1).replaceAll('\\', '\\\\');
    return inner.startsWith('!') ? `[^${inner.slice(1)}]` : `[${inner.replace(/^\^/, '\\^')}]`;
  });
  return new RegExp(`^${source}$`);
}

// A text with commas is a list, as Ansible reads it; the comma of an expression may be part of it.
function apart(patterns: readonly string[], regex: boolean): readonly string[] {
  const [only] = patterns;
  return patterns.length === 1 && only !== undefined && !regex ? only.split(',') : patterns;
}

function testOf(patterns: readonly string[], regex: boolean): (name: string) => boolean {
  const expressions = apart(patterns, regex).map((one) =>
    regex ? pythonPattern(one, {}, 'y') : globExpression(one),
  );
  return (name) =>
    expressions.some((one) => {
      one.lastIndex = 0;
      return one.test(name);
    });
}

// At least so much; at most, where it is negative.
function limit(
  text: string | undefined,
  units: Readonly<Record<string, number>>,
): ((value: number) => boolean) | undefined {
  const [, sign, digits, unit = ''] = /^(-?)(\d+)([a-z]?)$/.exec(text ?? '') ?? [];
  if (digits === undefined) return undefined;
  const bound = Number(digits) * (units[unit] ?? 1);
  return sign === '-' ? (value) => value <= bound : (value) => value >= bound;
}

/** Why the patterns cannot be read. */
export function filterFault(want: FindFilter): string | undefined {
  try {
    testOf([...(want.patterns ?? []), ...(want.excludes ?? [])], want.use_regex ?? false);
    if (want.contains !== undefined) pythonPattern(want.contains);
    return undefined;
  } catch (error) {
    return `${want.contains === undefined ? 'patterns' : 'patterns or contains'}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Whether a text is one that is looked for: a line of it from its begin, or anything in the whole. */
export function textHolds({ contains, read_whole_file }: FindFilter, content: Buffer | undefined): boolean {
  if (contains === undefined || content === undefined) return contains === undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    // What is no text holds nothing.
    return false;
  }
  const plain = text.replaceAll(/\r\n?/g, '\n');
  if (read_whole_file) return pythonPattern(contains).test(plain);
  const pattern = pythonPattern(contains, {}, 'y');
  return (plain.match(/[^\n]*\n|[^\n]+$/g) ?? []).some((line) => {
    pattern.lastIndex = 0;
    return pattern.test(line);
  });
}

/**
 * Whether an entry is meant; undefined where the patterns cannot be read.
 * @param now seconds of the host's clock
 */
export function fileFilter(want: FindFilter, now: number): ((file: FoundFile) => boolean) | undefined {
  if (filterFault(want) !== undefined) return undefined;
  const { patterns = [], excludes = [], use_regex = false, file_type = 'file' } = want;
  const named = patterns.length === 0 ? () => true : testOf(patterns, use_regex);
  const excluded = testOf(excludes, use_regex);
  const old = limit(want.age, seconds);
  const large = limit(want.size, bytes);
  return ({ name, kind, size, times }) =>
    (want.hidden || !name.startsWith('.')) &&
    (file_type === 'any' || kind === file_type) &&
    named(name) &&
    !excluded(name) &&
    (old?.(now - times[want.age_stamp ?? 'mtime']) ?? true) &&
    // Only of files the size is looked at, as with Ansible.
    (kind !== 'file' || (large?.(size) ?? true));
}
