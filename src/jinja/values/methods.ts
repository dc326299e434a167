import { didYouMean } from '../../errors/did-you-mean.ts';
import { bindArguments, type CallArguments } from './callable.ts';
import { formatBraces } from './format.ts';
import { TemplateError } from './template-error.ts';
import { center, splitText, stripCharacters, titleCase } from './text.ts';
import { compare, contains, equal, isMapping, itemsOf, kindOf, textOf } from './value.ts';

interface Method<T> {
  readonly parameters: readonly string[];
  readonly call: (self: T, args: readonly unknown[]) => unknown;
}

const method = <T>(parameters: readonly string[], call: Method<T>['call']): Method<T> => ({
  parameters,
  call,
});

const ends = (text: string, part: unknown, test: (text: string, part: string) => boolean): boolean =>
  Array.isArray(part) ? part.some((one) => test(text, textOf(one))) : test(text, textOf(part));
const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
const count = (text: string, part: string): number => text.split(part).length - 1;

const textMethods: Readonly<Record<string, Method<string>>> = {
  upper: method([], (text) => text.toUpperCase()),
  lower: method([], (text) => text.toLowerCase()),
  casefold: method([], (text) => text.toLowerCase()),
  capitalize: method([], (text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase()),
  title: method([], titleCase),
  swapcase: method([], (text) =>
    [...text].map((one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase())).join(''),
  ),
  strip: method(['characters?'], (text, [set]) => stripCharacters(text, set, 'both')),
  lstrip: method(['characters?'], (text, [set]) => stripCharacters(text, set, 'start')),
  rstrip: method(['characters?'], (text, [set]) => stripCharacters(text, set, 'end')),
  split: method(['sep?', 'maxsplit?'], (text, [separator, most]) => splitText(text, separator, most)),
  rsplit: method(['sep?', 'maxsplit?'], (text, [separator, most]) => {
    const parts = splitText(text, separator, undefined);
    const limit = number(most, -1);
    if (limit < 0 || parts.length <= limit + 1) return parts;
    const head = parts.slice(0, parts.length - limit).join(separator === undefined ? ' ' : textOf(separator));
    return [head, ...parts.slice(parts.length - limit)];
  }),
  splitlines: method([], (text) => text.replace(/(?:\r\n?|\n)$/, '').split(/\r\n?|\n/)),
  partition: method(['sep'], (text, [separator]) => {
    const at = text.indexOf(textOf(separator));
    return at < 0
      ? [text, '', '']
      : [text.slice(0, at), separator, text.slice(at + textOf(separator).length)];
  }),
  rpartition: method(['sep'], (text, [separator]) => {
    const at = text.lastIndexOf(textOf(separator));
    return at < 0
      ? ['', '', text]
      : [text.slice(0, at), separator, text.slice(at + textOf(separator).length)];
  }),
  startswith: method(['prefix'], (text, [part]) => ends(text, part, (whole, one) => whole.startsWith(one))),
  endswith: method(['suffix'], (text, [part]) => ends(text, part, (whole, one) => whole.endsWith(one))),
  removeprefix: method(['prefix'], (text, [part]) =>
    text.startsWith(textOf(part)) ? text.slice(textOf(part).length) : text,
  ),
  removesuffix: method(['suffix'], (text, [part]) => {
    const end = textOf(part);
    return end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text;
  }),
  replace: method(['old', 'new', 'count?'], (text, [old, next, most]) => {
    const parts = text.split(textOf(old));
    const limit = number(most, -1);
    if (limit < 0 || parts.length <= limit + 1) return parts.join(textOf(next));
    return [parts.slice(0, limit + 1).join(textOf(next)), ...parts.slice(limit + 1)].join(textOf(old));
  }),
  join: method(['items'], (text, [items]) => itemsOf(items).map(textOf).join(text)),
  format: {
    parameters: ['*values', '**named'],
    call: (text, [values, named]) => formatBraces(text, callArguments(values, named)),
  },
  find: method(['part'], (text, [part]) => text.indexOf(textOf(part))),
  rfind: method(['part'], (text, [part]) => text.lastIndexOf(textOf(part))),
  index: method(['part'], (text, [part]) => {
    const at = text.indexOf(textOf(part));
    if (at < 0) throw new TemplateError(`the text does not contain '${textOf(part)}'`);
    return at;
  }),
  count: method(['part'], (text, [part]) => count(text, textOf(part))),
  zfill: method(['width'], (text, [width]) => {
    const sign = /^[-+]/.exec(text)?.[0] ?? '';
    return sign + text.slice(sign.length).padStart(number(width, 0) - sign.length, '0');
  }),
  ljust: method(['width', 'fill?'], (text, [width, fill = ' ']) =>
    text.padEnd(number(width, 0), textOf(fill)),
  ),
  rjust: method(['width', 'fill?'], (text, [width, fill = ' ']) =>
    text.padStart(number(width, 0), textOf(fill)),
  ),
  center: method(['width', 'fill?'], (text, [width, fill = ' ']) =>
    center(text, number(width, 0), textOf(fill)),
  ),
  isdigit: method([], (text) => /^\d+$/.test(text)),
  isnumeric: method([], (text) => /^\d+$/.test(text)),
  isdecimal: method([], (text) => /^\d+$/.test(text)),
  isalpha: method([], (text) => /^\p{L}+$/u.test(text)),
  isalnum: method([], (text) => /^[\p{L}\p{N}]+$/u.test(text)),
  isspace: method([], (text) => /^\s+$/.test(text)),
  isupper: method([], (text) => text === text.toUpperCase() && text !== text.toLowerCase()),
  islower: method([], (text) => text === text.toLowerCase() && text !== text.toUpperCase()),
};

const mappingMethods: Readonly<Record<string, Method<Readonly<Record<string, unknown>>>>> = {
  items: method([], (mapping) => Object.entries(mapping)),
  keys: method([], (mapping) => Object.keys(mapping)),
  values: method([], (mapping) => Object.values(mapping)),
  copy: method([], (mapping) => ownCopy({ ...mapping })),
  get: method(['key', 'default?'], (mapping, [key, otherwise = null]) => {
    const name = textOf(key);
    return Object.hasOwn(mapping, name) ? mapping[name] : otherwise;
  }),
  update: method(['other?', '**named'], (mapping, [other = {}, named]) => {
    if (!isMapping(other)) throw new TemplateError(`update needs a mapping, not ${kindOf(other)}`);
    Object.assign(
      changeable(mapping, 'update') as object,
      other,
      Object.fromEntries(named as Map<string, unknown>),
    );
    return null;
  }),
  pop: method(['key', 'default?'], (mapping, [key, otherwise]) => {
    const own = changeable(mapping, 'pop') as Record<string, unknown>;
    const name = textOf(key);
    if (!Object.hasOwn(own, name)) {
      if (otherwise === undefined) throw new TemplateError(`the mapping has no key '${name}'`);
      return otherwise;
    }
    const value = own[name];
    delete own[name];
    return value;
  }),
  setdefault: method(['key', 'default?'], (mapping, [key, value = null]) => {
    const own = changeable(mapping, 'setdefault') as Record<string, unknown>;
    const name = textOf(key);
    if (!Object.hasOwn(own, name)) own[name] = value;
    return own[name];
  }),
};

const listMethods: Readonly<Record<string, Method<readonly unknown[]>>> = {
  index: method(['item'], (list, [item]) => {
    const at = list.findIndex((candidate) => equal(candidate, item));
    if (at < 0) throw new TemplateError(`'${textOf(item)}' is not in the list`);
    return at;
  }),
  count: method(['item'], (list, [item]) => list.filter((candidate) => equal(candidate, item)).length),
  copy: method([], (list) => ownCopy([...list])),
  append: method(['item'], (list, [item]) => {
    (changeable(list, 'append') as unknown[]).push(item);
    return null;
  }),
  extend: method(['items'], (list, [items]) => {
    (changeable(list, 'extend') as unknown[]).push(...itemsOf(items));
    return null;
  }),
  insert: method(['index', 'item'], (list, [index, item]) => {
    (changeable(list, 'insert') as unknown[]).splice(number(index, 0), 0, item);
    return null;
  }),
  pop: method(['index?'], (list, [index]) => {
    const own = changeable(list, 'pop') as unknown[];
    if (own.length === 0) throw new TemplateError('nothing can be taken from an empty list');
    return own.splice(number(index, -1), 1)[0];
  }),
  remove: method(['item'], (list, [item]) => {
    const own = changeable(list, 'remove') as unknown[];
    if (!contains(own, item)) throw new TemplateError(`'${textOf(item)}' is not in the list`);
    own.splice(
      own.findIndex((candidate) => equal(candidate, item)),
      1,
    );
    return null;
  }),
  reverse: method([], (list) => {
    (changeable(list, 'reverse') as unknown[]).reverse();
    return null;
  }),
  sort: method([], (list) => {
    (changeable(list, 'sort') as unknown[]).sort(compare);
    return null;
  }),
};

function callArguments(values: unknown, named: unknown): CallArguments {
  return { positional: values as unknown[], named: named as Map<string, unknown> };
}

// Values of variables are shared between tasks; only what the template itself made may be changed by it.
const own = new WeakSet<object>();

/** Marks a list or mapping as made by the running template, which may therefore change it. */
export function ownCopy<T extends object>(made: T): T {
  own.add(made);
  return made;
}

function changeable(value: object, name: string): object {
  if (own.has(value)) return value;
  throw new TemplateError(`'${name}' would change a variable's own value`, undefined, {
    why: 'a template may change only lists and mappings that it made itself',
    hint: 'use + for lists and | combine for mappings, or start from [] or {}',
  });
}

/** Calls a Python method of a text, list or mapping. Throws TemplateError for one that is not there. */
export function callMethod(self: unknown, name: string, args: CallArguments): unknown {
  const methods: Readonly<Record<string, Method<never>>> | undefined =
    typeof self === 'string'
      ? textMethods
      : Array.isArray(self)
        ? listMethods
        : isMapping(self)
          ? mappingMethods
          : undefined;
  const found = methods && Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!found) {
    const hint = methods && didYouMean(name, Object.keys(methods));
    throw new TemplateError(`${kindOf(self)} has no method '${name}'`, undefined, { hint });
  }
  return found.call(self as never, bindArguments(`the method '${name}'`, found.parameters, args));
}

/** Whether this kind of value has such a method. */
export function hasMethod(self: unknown, name: string): boolean {
  if (typeof self === 'string') return Object.hasOwn(textMethods, name);
  if (Array.isArray(self)) return Object.hasOwn(listMethods, name);
  return isMapping(self) && Object.hasOwn(mappingMethods, name);
}
