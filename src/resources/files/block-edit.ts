import { cutLines, joinLines } from './line-edit.ts';

/** What is wanted between two marker lines. */
export interface BlockEdit {
  /** Undefined or empty: neither block nor markers. */
  readonly block: string | undefined;
  readonly begin: string;
  readonly end: string;
  /** Where a new block goes; `EOF` by default. */
  readonly place: {
    readonly side: 'after' | 'before';
    readonly at: RegExp | 'EOF' | 'BOF';
    /** The expression looks at all lines together, as `(?m)` says; without it at each. */
    readonly across?: boolean;
  };
}

function insertionIndex(
  lines: readonly string[],
  text: string,
  { at, side, across }: BlockEdit['place'],
): number {
  if (at === 'BOF') return 0;
  if (at === 'EOF') return lines.length;
  const found = across ? lineOf(text, at, side) : lines.findLastIndex((line) => at.test(line));
  if (found < 0) return lines.length;
  return side === 'after' ? found + 1 : found;
}

// The line in which a match ends, or begins.
function lineOf(text: string, expression: RegExp, side: 'after' | 'before'): number {
  const match = expression.exec(text);
  if (!match) return -1;
  const offset = side === 'after' ? match.index + match[0].length : match.index;
  return text.slice(0, offset).split('\n').length - 1;
}

/** The text with the block between its markers; a block that is there keeps its place. */
export function ensureBlock(text: string, { block, begin, end, place }: BlockEdit): string {
  const { lines, ended } = cutLines(text);
  const [first, second] = [lines.lastIndexOf(begin), lines.lastIndexOf(end)];
  let at: number;
  if (first >= 0 && second >= 0) {
    at = Math.min(first, second);
    lines.splice(at, Math.abs(second - first) + 1);
  } else {
    if (block === undefined || block === '') return text;
    at = insertionIndex(lines, text, place);
  }
  if (block !== undefined && block !== '') {
    lines.splice(at, 0, begin, ...block.replace(/\n$/, '').split('\n'), end);
  }
  const joined = joinLines(lines);
  return !ended && joined === `${text}\n` ? text : joined;
}
