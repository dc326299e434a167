import { ownCopy } from '../values/methods.ts';
import { TemplateError } from '../values/template-error.ts';
import { defined, Undefined } from '../values/undefined.ts';
import { compare, isMapping, itemsOf, type Mapping, textOf } from '../values/value.ts';
import { attributeOf, listArgument, mappingArgument } from './filters-attribute.ts';
import { type FilterTable, filter, textArgument } from './filters-definition.ts';

function mergedLists(left: readonly unknown[], right: readonly unknown[], how: string): readonly unknown[] {
  const key = (value: unknown): string => JSON.stringify(value);
  switch (how) {
    case 'replace':
      return right;
    case 'keep':
      return left;
    case 'append':
      return [...left, ...right];
    case 'prepend':
      return [...right, ...left];
    case 'append_rp': {
      const gone = new Set(right.map(key));
      return [...left.filter((item) => !gone.has(key(item))), ...right];
    }
    case 'prepend_rp': {
      const gone = new Set(right.map(key));
      return [...right, ...left.filter((item) => !gone.has(key(item)))];
    }
    default:
      throw new TemplateError(`there is no list_merge '${how}'`, undefined, {
        hint: 'use replace, keep, append, prepend, append_rp or prepend_rp',
      });
  }
}

function combine(left: Mapping, right: Mapping, recursive: boolean, lists: string): Mapping {
  const result = new Map<string, unknown>(Object.entries(left));
  for (const [key, value] of Object.entries(right)) {
    const old = Object.hasOwn(left, key) ? left[key] : undefined;
    if (recursive && isMapping(old) && isMapping(value))
      result.set(key, combine(old, value, recursive, lists));
    else if (Array.isArray(old) && Array.isArray(value)) result.set(key, mergedLists(old, value, lists));
    else result.set(key, value);
  }
  return ownCopy(Object.fromEntries(result));
}

function subelements(value: unknown, path: unknown, skipMissing: boolean): unknown[] {
  const items = isMapping(value) ? Object.values(value) : listArgument(value, 'subelements');
  return items.flatMap((item) => {
    const found = attributeOf(item, path);
    if (found instanceof Undefined && skipMissing) return [];
    return listArgument(defined(found), 'subelements').map((part) => [item, part]);
  });
}

/** Filters on mappings. */
export const mappingFilters: FilterTable = {
  combine: filter(['*others', '**options'], (value, [others, options]) => {
    const named = options as Map<string, unknown>;
    const lists = textArgument(named.get('list_merge'), 'replace');
    const all = [value, ...(others as unknown[])].flatMap((one) => (Array.isArray(one) ? one : [one]));
    return all
      .map((one) => mappingArgument(defined(one), 'combine'))
      .reduce((left, right) => combine(left, right, named.get('recursive') === true, lists), {});
  }),
  dict2items: filter(['key_name?', 'value_name?'], (value, [key, item]) =>
    Object.entries(mappingArgument(value, 'dict2items')).map(([name, part]) => ({
      [textArgument(key, 'key')]: name,
      [textArgument(item, 'value')]: part,
    })),
  ),
  items2dict: filter(['key_name?', 'value_name?'], (value, [key, item]) =>
    Object.fromEntries(
      listArgument(value, 'items2dict').map((entry) => [
        textOf(attributeOf(entry, textArgument(key, 'key'))),
        defined(attributeOf(entry, textArgument(item, 'value'))),
      ]),
    ),
  ),
  dictsort: filter(['case_sensitive?', 'by?', 'reverse?'], (value, [caseSensitive, by, reverse]) => {
    const part = textArgument(by, 'key') === 'value' ? 1 : 0;
    const key = (entry: [string, unknown]): unknown => {
      const found = entry[part];
      return typeof found === 'string' && caseSensitive !== true ? found.toLowerCase() : found;
    };
    const entries = Object.entries(mappingArgument(value, 'dictsort')).sort((a, b) =>
      compare(key(a), key(b)),
    );
    return reverse === true ? entries.reverse() : entries;
  }),
  items: filter([], (value) =>
    value instanceof Undefined ? [] : Object.entries(mappingArgument(value, 'items')),
  ),
  subelements: filter(['subelements', 'skip_missing?'], (value, [path, skipMissing]) =>
    subelements(value, path, skipMissing === true),
  ),
  dict: filter([], (value) =>
    Object.fromEntries(
      itemsOf(value)
        .map((pair) => listArgument(pair, 'dict'))
        .map(([key, item]) => [textOf(key), item]),
    ),
  ),
};
