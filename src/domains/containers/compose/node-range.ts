import { isCollection, isPair, isScalar, type Pair, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';

/** A node of a document that was read from text. */
type Placed = { readonly range?: readonly [number, number, number] | null | undefined };

/** Where a node begins and where its value ends, behind which only comments stand. */
export function rangeOf(node: unknown): readonly [number, number] {
  const [from, to] = (node as Placed | null)?.range ?? [Number.NaN, Number.NaN];
  if (Number.isNaN(from)) throw new TypeError('a node without a place in the text');
  return [from, to];
}

/** Whether a collection is written on lines, not in brackets. */
export function isBlock(node: unknown): boolean {
  return isCollection(node) && node.flow !== true;
}

/** Whether a scalar stands on lines of its own behind `|` or `>`. */
export function isBlockScalar(node: unknown): boolean {
  return isScalar(node) && (node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL);
}

/** Where the last thing in a node ends, comments left out. */
export function contentEnd(node: unknown): number {
  if (isPair(node)) {
    const end = rangeOf(node.key)[1];
    return node.value ? Math.max(end, contentEnd(node.value)) : end;
  }
  if (isBlock(node)) {
    const last = (node as YAMLMap | YAMLSeq).items.at(-1);
    if (last !== undefined && last !== null) return contentEnd(last);
  }
  return rangeOf(node)[1];
}

/** The pair of a key that stands in a mapping itself, not in what it merges. */
export function ownPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyOf(pair) === key);
}

/** A pair's key as text. */
export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

/** Whether a pair merges another mapping (`<<`). */
export function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && (pair.key.source === '<<' || pair.key.value === '<<');
}
