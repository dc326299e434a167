import { floatOf, isFloat } from '../../python/whole-float.ts';
import { ownCopy } from '../values/methods.ts';
import { TemplateError } from '../values/template-error.ts';
import { defined, Undefined } from '../values/undefined.ts';
import { compare, equal, isMapping, itemsOf, kindOf, textOf } from '../values/value.ts';
import { attributeOf, listArgument } from './filters-attribute.ts';
import { type FilterTable, filter, numberArgument, textArgument } from './filters-definition.ts';

type Items = readonly unknown[];

const folded = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
const keyOf = (attribute: unknown, caseSensitive: unknown) => (item: unknown) => {
  const found = attribute === undefined || attribute === null ? item : defined(attributeOf(item, attribute));
  return caseSensitive === true ? found : folded(found);
};

/** The items without repetitions, by Python's equality. */
export function distinct(items: Items, key: (item: unknown) => unknown = (item) => item): unknown[] {
  const texts = new Set<unknown>();
  const others: unknown[] = [];
  return items.filter((item) => {
    const found = defined(key(item));
    const simple = typeof found === 'string' || typeof found === 'number';
    const seen = simple ? texts.has(found) : others.some((other) => equal(other, found));
    if (simple) texts.add(found);
    else if (!seen) others.push(found);
    return !seen;
  });
}

const includes = (items: Items, item: unknown): boolean => items.some((other) => equal(other, item));

function sorted(items: Items, attribute: unknown, caseSensitive: unknown, reverse: unknown): unknown[] {
  const attributes = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const keys = attributes.map((one) => keyOf(one, caseSensitive));
  const direction = reverse === true ? -1 : 1;
  const order = (a: unknown, b: unknown): number => {
    for (const key of keys) {
      const found = compare(key(a), key(b));
      if (found !== 0) return found * direction;
    }
    return 0;
  };
  return [...items].sort(order);
}

function flatten(items: Items, levels: number, skipNulls: boolean): unknown[] {
  return items.flatMap((item) => {
    if (item === null && skipNulls) return [];
    return Array.isArray(item) && levels !== 0 ? flatten(item, levels - 1, skipNulls) : [item];
  });
}

function slices(items: Items, count: number, fill: unknown): unknown[][] {
  const size = Math.floor(items.length / count);
  const longer = items.length % count;
  return Array.from({ length: count }, (_, index) => {
    const start = index * size + Math.min(index, longer);
    const part = items.slice(start, start + size + (index < longer ? 1 : 0));
    return fill !== undefined && index >= longer && longer > 0 ? [...part, fill] : part;
  });
}

function batches(items: Items, size: number, fill: unknown): unknown[][] {
  const found: unknown[][] = [];
  for (let start = 0; start < items.length; start += Math.max(1, size)) {
    const part = items.slice(start, start + Math.max(1, size));
    while (fill !== undefined && part.length < size) part.push(fill);
    found.push(part);
  }
  return found;
}

function product(lists: readonly Items[]): unknown[][] {
  return lists.reduce<unknown[][]>(
    (rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])),
    [[]],
  );
}

function combinations(items: Items, size: number): unknown[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) =>
    combinations(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]),
  );
}

function permutations(items: Items, size: number): unknown[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)], size - 1).map((rest) => [
      item,
      ...rest,
    ]),
  );
}

function extreme(items: Items, attribute: unknown, caseSensitive: unknown, sign: 1 | -1): unknown {
  const key = keyOf(attribute, caseSensitive);
  const [first, ...others] = items;
  if (items.length === 0) return new Undefined('the list is empty');
  return others.reduce((best, item) => (compare(key(item), key(best)) * sign > 0 ? item : best), first);
}

function round(value: unknown, precision: number, method: string): number {
  const factor = 10 ** precision;
  const scaled = numberArgument(value, 0) * factor;
  if (method === 'ceil') return Math.ceil(scaled) / factor;
  if (method === 'floor') return Math.floor(scaled) / factor;
  const lower = Math.floor(scaled);
  const half = Math.abs(scaled - lower - 0.5) < 1e-9;
  return (half ? (lower % 2 === 0 ? lower : lower + 1) : Math.round(scaled)) / factor;
}

function length(value: unknown): number {
  if (typeof value === 'string') return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (isMapping(value)) return Object.keys(value).length;
  throw new TemplateError(`${kindOf(value)} has no length`);
}

const setOperation = (operate: (left: Items, right: Items) => Items) =>
  filter(['other'], (value, [other]) => distinct(operate(itemsOf(value), itemsOf(other))));

const edge = (index: 0 | -1) =>
  filter([], (value) => {
    const items = itemsOf(value);
    return items.length === 0 ? new Undefined('the list is empty') : items.at(index);
  });

/** Filters on lists and numbers. */
export const listFilters: FilterTable = {
  length: filter([], length),
  count: filter([], length),
  first: edge(0),
  last: edge(-1),
  list: filter([], (value) => ownCopy([...itemsOf(value)])),
  join: filter(['d?', 'attribute?'], (value, [mark, attribute]) =>
    itemsOf(value)
      .map((item) => textOf(attribute === undefined ? item : attributeOf(item, attribute)))
      .join(textArgument(mark, '')),
  ),
  sort: filter(['reverse?', 'case_sensitive?', 'attribute?'], (value, [reverse, caseSensitive, attribute]) =>
    sorted(itemsOf(value), attribute, caseSensitive, reverse),
  ),
  unique: filter(['case_sensitive?', 'attribute?'], (value, [caseSensitive, attribute]) =>
    distinct(itemsOf(value), keyOf(attribute, caseSensitive)),
  ),
  reverse: filter([], (value) =>
    typeof value === 'string' ? [...value].reverse().join('') : [...itemsOf(value)].reverse(),
  ),
  union: setOperation((left, right) => [...left, ...right]),
  intersect: setOperation((left, right) => left.filter((item) => includes(right, item))),
  difference: setOperation((left, right) => left.filter((item) => !includes(right, item))),
  symmetric_difference: setOperation((left, right) => [
    ...left.filter((item) => !includes(right, item)),
    ...right.filter((item) => !includes(left, item)),
  ]),
  flatten: filter(['levels?', 'skip_nulls?'], (value, [levels, skipNulls]) =>
    flatten(listArgument(value, 'flatten'), numberArgument(levels, -1), skipNulls !== false),
  ),
  zip: filter(['*others'], (value, [others]) => {
    const lists = [value, ...(others as Items)].map(itemsOf);
    const shortest = Math.min(...lists.map((list) => list.length));
    return Array.from({ length: shortest }, (_, index) => lists.map((list) => list[index]));
  }),
  zip_longest: filter(['*others', 'fillvalue?'], (value, [others, fill = null]) => {
    const lists = [value, ...(others as Items)].map(itemsOf);
    const longest = Math.max(...lists.map((list) => list.length));
    return Array.from({ length: longest }, (_, index) =>
      lists.map((list) => (index < list.length ? list[index] : fill)),
    );
  }),
  product: filter(['*others'], (value, [others]) => product([value, ...(others as Items)].map(itemsOf))),
  combinations: filter(['size'], (value, [size]) => combinations(itemsOf(value), numberArgument(size, 0))),
  permutations: filter(['size?'], (value, [size]) =>
    permutations(itemsOf(value), numberArgument(size, itemsOf(value).length)),
  ),
  batch: filter(['linecount', 'fill_with?'], (value, [size, fill]) =>
    batches(itemsOf(value), numberArgument(size, 1), fill),
  ),
  slice: filter(['slices', 'fill_with?'], (value, [count, fill]) =>
    slices(itemsOf(value), Math.max(1, numberArgument(count, 1)), fill),
  ),
  min: filter(['case_sensitive?', 'attribute?'], (value, [caseSensitive, attribute]) =>
    extreme(itemsOf(value), attribute, caseSensitive, -1),
  ),
  max: filter(['case_sensitive?', 'attribute?'], (value, [caseSensitive, attribute]) =>
    extreme(itemsOf(value), attribute, caseSensitive, 1),
  ),
  sum: filter(['attribute?', 'start?'], (value, [attribute, start]) => {
    const items = itemsOf(value).map((item) =>
      attribute === undefined ? item : attributeOf(item, attribute),
    );
    if (Array.isArray(start))
      return [...start, ...items.flatMap((item) => listArgument(defined(item), 'sum'))];
    return items.reduce<number>(
      (total, item) => total + numberArgument(defined(item), 0),
      numberArgument(start, 0),
    );
  }),
  abs: filter([], (value) => {
    const size = Math.abs(numberArgument(value, 0));
    return isFloat(value) ? floatOf(size) : size;
  }),
  round: filter(['precision?', 'method?'], (value, [precision, method]) =>
    floatOf(round(value, numberArgument(precision, 0), textArgument(method, 'common'))),
  ),
  pow: filter(['exponent'], (value, [exponent]) =>
    floatOf(numberArgument(value, 0) ** numberArgument(exponent, 1)),
  ),
  root: filter(['base?'], (value, [base]) =>
    floatOf(numberArgument(value, 0) ** (1 / numberArgument(base, 2))),
  ),
  log: filter(['base?'], (value, [base]) =>
    floatOf(
      Math.log(numberArgument(value, 0)) / (base === undefined ? 1 : Math.log(numberArgument(base, 10))),
    ),
  ),
};
