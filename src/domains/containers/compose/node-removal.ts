import type { Pair, YAMLMap, YAMLSeq } from 'yaml';
import { contentEnd, rangeOf } from './node-range.ts';
import { beginsLine, lineEnd, lineStart, type Splice } from './text-splice.ts';

/** Takes a pair out of a mapping; on lines of its own it takes its lines, and leaves the comments above. */
export function pairRemoval(text: string, map: YAMLMap, pair: Pair): Splice {
  const index = map.items.indexOf(pair);
  const [from] = rangeOf(pair.key);
  const next = map.items[index + 1];
  const rest = {
    next: next && rangeOf(next.key)[0],
    before: index > 0 ? contentEnd(map.items[index - 1]) : undefined,
  };
  if (map.flow === true) return fromBrackets(from, contentEnd(pair), rest);
  return beginsLine(text, from) || rest.next === undefined
    ? wholeLines(text, from, contentEnd(pair))
    : { from, to: rest.next, text: '' };
}

/** Takes an item out of a list. */
export function itemRemoval(text: string, list: YAMLSeq, index: number): Splice {
  const item = list.items[index];
  const [from] = rangeOf(item);
  const next = list.items[index + 1];
  const before = index > 0 ? contentEnd(list.items[index - 1]) : undefined;
  if (list.flow === true)
    return fromBrackets(from, contentEnd(item), { next: next && rangeOf(next)[0], before });
  return wholeLines(text, text.lastIndexOf('-', from - 1), contentEnd(item));
}

function fromBrackets(
  from: number,
  to: number,
  { next, before }: { readonly next: unknown; readonly before: number | undefined },
): Splice {
  if (typeof next === 'number') return { from, to: next, text: '' };
  return { from: before ?? from, to, text: '' };
}

function wholeLines(text: string, from: number, end: number): Splice {
  const to = lineEnd(text, end);
  const after = text.startsWith('\r\n', to) ? to + 2 : text.startsWith('\n', to) ? to + 1 : to;
  return { from: lineStart(text, from), to: after, text: '' };
}
