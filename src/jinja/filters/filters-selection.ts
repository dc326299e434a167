import type { CallArguments } from '../values/callable.ts';
import { TemplateError } from '../values/template-error.ts';
import { defined, Undefined } from '../values/undefined.ts';
import { compare, equal, itemsOf, textOf, truthy } from '../values/value.ts';
import { attributeOf } from './filters-attribute.ts';
import { type FilterEngine, type FilterTable, filter, lenientFilter } from './filters-definition.ts';
import { distinct } from './filters-list.ts';

type Items = readonly unknown[];

function grouped(items: Items, attribute: unknown, otherwise: unknown): unknown[] {
  const key = (item: unknown): unknown => {
    const found = attributeOf(item, attribute);
    return found instanceof Undefined && otherwise !== undefined ? otherwise : defined(found);
  };
  const keys = distinct(items.map(key)).sort(compare);
  return keys.map((grouper) => {
    const list = items.filter((item) => equal(key(item), grouper));
    return Object.defineProperties([grouper, list], { grouper: { value: grouper }, list: { value: list } });
  });
}

function mapped(items: Items, args: CallArguments, engine: FilterEngine): unknown[] {
  const attribute = args.named.get('attribute');
  if (attribute !== undefined) {
    const otherwise = args.named.get('default');
    return items.map((item) => {
      const found = attributeOf(defined(item), attribute);
      return found instanceof Undefined && otherwise !== undefined ? otherwise : found;
    });
  }
  const [name, ...positional] = args.positional;
  if (name === undefined) throw new TemplateError("map needs the name of a filter, or attribute='...'");
  return items.map((item) => engine.filter(textOf(name), item, { positional, named: args.named }));
}

function selected(items: Items, args: CallArguments, engine: FilterEngine, wanted: boolean): unknown[] {
  const [name, ...positional] = args.positional;
  return items.filter((item) => {
    const holds =
      name === undefined ? truthy(item) : engine.test(textOf(name), item, { positional, named: args.named });
    return holds === wanted;
  });
}

function selectedBy(items: Items, args: CallArguments, engine: FilterEngine, wanted: boolean): unknown[] {
  const [attribute, name, ...positional] = args.positional;
  if (attribute === undefined) throw new TemplateError('the name of an attribute is missing');
  return items.filter((item) => {
    const found = attributeOf(defined(item), attribute);
    const holds =
      name === undefined
        ? truthy(found)
        : engine.test(textOf(name), found, { positional, named: args.named });
    return holds === wanted;
  });
}

type Selection = typeof mapped;
const selection = (select: Selection) =>
  lenientFilter(['*positional', '**named'], (value, [positional, named], engine) => {
    const args = { positional: positional as Items, named: named as Map<string, unknown> };
    return select(itemsOf(value), args, engine);
  });

/** Filters that pick or change the items of a list one by one. */
export const selectionFilters: FilterTable = {
  map: selection(mapped),
  select: selection((items, args, engine) => selected(items, args, engine, true)),
  reject: selection((items, args, engine) => selected(items, args, engine, false)),
  selectattr: selection((items, args, engine) => selectedBy(items, args, engine, true)),
  rejectattr: selection((items, args, engine) => selectedBy(items, args, engine, false)),
  groupby: filter(['attribute', 'default?'], (value, [attribute, otherwise]) =>
    grouped(itemsOf(value), attribute, otherwise),
  ),
};
