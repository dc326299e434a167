import { isDeepStrictEqual } from 'node:util';
import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { ExpectedError } from '../../../errors/expected-error.ts';
import type { Json } from '../../../resources/resource.ts';
import { contentEnd, isBlock, isBlockScalar, isMerge, keyOf, rangeOf } from './node-range.ts';
import { itemRemoval, pairRemoval } from './node-removal.ts';
import { isValues, type Values } from './service-wish.ts';
import { column, indented, lineEnd, type Splice } from './text-splice.ts';
import { blockScalarText, blockText, flowText, scalarText } from './yaml-text.ts';

/** A text with what it means, and how its lines are laid out. */
export interface Source {
  readonly text: string;
  readonly document: Document.Parsed;
  /** Columns of a level. */
  readonly step: number;
  /** Items of a list stand further to the right than its key. */
  readonly indentSeq: boolean;
}

/** Why a text cannot be edited as wanted. */
export class EditFault extends ExpectedError {}

interface Place {
  /** The pair whose value is edited; undefined for an item of a list. */
  readonly pair: Pair | undefined;
  /** Column of that pair, or of the item. */
  readonly column: number;
  readonly inFlow: boolean;
}

/** The next of the smallest edits that lead from what a node says to what is wanted; undefined when it says it. */
export function nextEdit(source: Source, node: unknown, want: Json, place: Place): Splice | undefined {
  if (isDeepStrictEqual(meaning(source, node), want)) return undefined;
  const values = isValues(want) ? want : undefined;
  if (isAlias(node) && values && isValues(meaning(source, node))) return besideAlias(source, node, values);
  if (isMap(node) && values && Object.keys(values).length > 0) return mapEdit(source, node, values, place);
  if (isSeq(node) && Array.isArray(want)) return listEdit(source, node, want, place);
  return replacement(source, node, want, place);
}

function meaning({ document }: Source, node: unknown): Json {
  const known = node as { toJS?(document: Document): Json } | null | undefined;
  return known?.toJS?.(document) ?? null;
}

// What a name stands for is others' too: it is merged, and what differs stands beside it.
function besideAlias(source: Source, node: unknown, want: Values): Splice {
  const [from, to] = rangeOf(node);
  const named = meaning(source, node) as Values;
  const gone = Object.keys(named).find((key) => !(key in want));
  if (gone !== undefined) return { from, to, text: flowText(want) };
  const own = Object.entries(want).filter(([key, value]) => !isDeepStrictEqual(named[key], value));
  const pairs = own.map(([key, value]) => `${scalarText(key, undefined, true)}: ${flowText(value)}`);
  return { from, to, text: `{ ${[`<<: ${source.text.slice(from, to)}`, ...pairs].join(', ')} }` };
}

function mapEdit(source: Source, map: YAMLMap, want: Values, around: Place): Splice | undefined {
  const inFlow = around.inFlow || map.flow === true;
  const own = map.items.filter((pair) => !isMerge(pair));
  for (const pair of own) {
    const value = want[keyOf(pair)];
    if (value === undefined) return pairRemoval(source.text, map, pair);
    const place = { pair, inFlow, column: column(source.text, rangeOf(pair.key)[0]) };
    const edit = nextEdit(source, pair.value, value, place);
    if (edit) return edit;
  }
  const has = meaning(source, map) as Values;
  const names = new Set(own.map(keyOf));
  const added = Object.entries(want).find(
    ([key, value]) => !names.has(key) && !isDeepStrictEqual(has[key], value),
  );
  if (added) return addedPair(source, map, added, inFlow);
  const inherited = Object.keys(has).find((key) => !(key in want));
  throw new EditFault(
    `${inherited ?? 'a key'} is merged from elsewhere (\`<<\`), and cannot be removed here`,
  );
}

function addedPair(source: Source, map: YAMLMap, [key, value]: [string, Json], inFlow: boolean): Splice {
  const { text, step, indentSeq } = source;
  const last = map.items.at(-1);
  if (inFlow) return added(map, last, `${scalarText(key, undefined, true)}: ${flowText(value)}`, true);
  const at = lineEnd(text, contentEnd(map));
  const lines = indented(
    blockText({ [key]: value }, step, indentSeq),
    column(text, rangeOf(map.items[0]?.key)[0]),
  );
  return { from: at, to: at, text: `\n${lines}` };
}

// Behind the last one in brackets, or as the first.
function added(list: unknown, last: unknown, put: string, spaced: boolean): Splice {
  const at = last === undefined ? rangeOf(list)[0] + 1 : contentEnd(last);
  return { from: at, to: at, text: last !== undefined ? `, ${put}` : spaced ? ` ${put} ` : put };
}

function listEdit(source: Source, list: YAMLSeq, want: readonly Json[], around: Place): Splice | undefined {
  const { text, step, indentSeq } = source;
  const has = list.items.map((item) => meaning(source, item));
  if (want.length < has.length) {
    const index = has.findIndex((item, at) => !isDeepStrictEqual(item, want[at]));
    return itemRemoval(text, list, index);
  }
  const inFlow = around.inFlow || list.flow === true;
  for (const [index, item] of list.items.entries()) {
    const place = { pair: undefined, inFlow, column: column(text, rangeOf(item)[0]) };
    const edit = nextEdit(source, item, want[index] ?? null, place);
    if (edit) return edit;
  }
  const next = want[has.length] ?? null;
  if (inFlow) return added(list, list.items.at(-1), flowText(next), false);
  const at = lineEnd(text, contentEnd(list));
  const lines = indented(blockText([next], step, indentSeq).trimStart(), column(text, rangeOf(list)[0]));
  return { from: at, to: at, text: `\n${lines}` };
}

function replacement(source: Source, node: unknown, want: Json, place: Place): Splice {
  const { text, step, indentSeq } = source;
  const { pair } = place;
  const isFull = want !== null && typeof want === 'object';
  const empty = node === null || node === undefined || (isScalar(node) && node.source === '');
  if (pair && empty && isFull && !place.inFlow) {
    const at = lineEnd(text, afterColon(text, pair));
    return { from: at, to: at, text: `\n${indented(blockText(want, step, indentSeq), place.column + step)}` };
  }
  if (!isBlock(node) && !isBlockScalar(node) && !empty) {
    const [from, to] = rangeOf(node);
    const style = isScalar(node) ? node.type : undefined;
    return { from, to, text: isFull ? flowText(want) : scalarText(want, style, place.inFlow) };
  }
  if (!pair) throw new EditFault('an item of a list that stands on several lines cannot be replaced');
  const from = afterColon(text, pair);
  if (isBlockScalar(node)) {
    const lines = blockScalarText(want, (node as { type?: unknown }).type, place.column + step);
    if (lines !== undefined) return { from, to: rangeOf(node)[1], text: ` ${lines}` };
  }
  const put = isFull ? flowText(want) : scalarText(want, undefined, place.inFlow);
  const to = empty ? from : lineEnd(text, contentEnd(node));
  return { from, to, text: put === '' ? '' : ` ${put}` };
}

function afterColon(text: string, { key }: Pair): number {
  const end = rangeOf(key)[1];
  const colon = text.indexOf(':', end);
  if (colon < 0 || text.slice(end, colon).trim() !== '') {
    throw new EditFault('a key without a colon behind it cannot be edited');
  }
  return colon + 1;
}
