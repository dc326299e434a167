import { createHash } from 'node:crypto';
import { load, loadAll, YAML11_SCHEMA } from 'js-yaml';
import { floatOf, isFloat, numeric, WholeFloat } from '../../python/whole-float.ts';
import { TemplateError } from '../values/template-error.ts';
import { defined, Undefined } from '../values/undefined.ts';
import { isMapping, kindOf, representation, textOf, truthy } from '../values/value.ts';
import { attributeOf } from './filters-attribute.ts';
import {
  type FilterTable,
  filter,
  lenientFilter,
  numberArgument,
  textArgument,
} from './filters-definition.ts';
import { yamlText } from './yaml-text.ts';

interface JsonStyle {
  readonly indent: number;
  readonly sorted: boolean;
  readonly ascii: boolean;
}

function jsonText(value: string, ascii: boolean): string {
  const text = JSON.stringify(value);
  if (!ascii) return text;
  return text.replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

// As Python's json.dumps writes: a space behind commas and colons.
function json(value: unknown, style: JsonStyle, depth = 0): string {
  const known = defined(value);
  if (typeof known === 'string') return jsonText(known, style.ascii);
  if (typeof known === 'number') return Number.isFinite(known) ? textOf(known) : 'null';
  if (known instanceof WholeFloat) return textOf(known);
  if (typeof known === 'boolean') return String(known);
  const items = Array.isArray(known)
    ? known.map((item) => json(item, style, depth + 1))
    : isMapping(known)
      ? sortedEntries(known, style.sorted).map(
          ([key, item]) => `${jsonText(key, style.ascii)}: ${json(item, style, depth + 1)}`,
        )
      : undefined;
  if (!items) {
    if (known === null || known === undefined) return 'null';
    throw new TemplateError(`${kindOf(known)} cannot be written as JSON`);
  }
  const [open, close] = Array.isArray(known) ? '[]' : '{}';
  if (items.length === 0) return `${open}${close}`;
  if (style.indent === 0) return `${open}${items.join(', ')}${close}`;
  const margin = ' '.repeat(style.indent * (depth + 1));
  return `${open}\n${margin}${items.join(`,\n${margin}`)}\n${' '.repeat(style.indent * depth)}${close}`;
}

function sortedEntries(mapping: Readonly<Record<string, unknown>>, sorted: boolean): [string, unknown][] {
  const entries = Object.entries(mapping);
  return sorted ? entries.sort(([a], [b]) => (a < b ? -1 : 1)) : entries;
}

function sortedDeep(value: unknown, sorted: boolean): unknown {
  const known = defined(value);
  if (Array.isArray(known)) return known.map((item) => sortedDeep(item, sorted));
  if (!isMapping(known)) return known;
  return Object.fromEntries(
    sortedEntries(known, sorted).map(([key, item]) => [key, sortedDeep(item, sorted)]),
  );
}

function yaml(value: unknown, indent: unknown, width: unknown, sorted: unknown, block: boolean): string {
  const options = { indent: numberArgument(indent, 2), width: numberArgument(width, 80), block };
  return yamlText(sortedDeep(value, sorted !== false), options);
}

function parsed(text: unknown, what: string, parse: (text: string) => unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new TemplateError(`the text is not ${what}: ${reason}`);
  }
}

function digest(value: unknown, algorithm: string): string {
  try {
    return createHash(algorithm).update(textOf(value)).digest('hex');
  } catch {
    throw new TemplateError(`there is no hash '${algorithm}'`, undefined, {
      hint: 'use sha256, sha512, sha1 or md5',
    });
  }
}

const yes = new Set(['true', 'yes', 'on', '1', 'y', 't']);

/** Ansible's `bool`: the words for yes are true, everything else is false. */
export function boolOf(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' || value instanceof WholeFloat) return Number(value) === 1;
  return typeof value === 'string' && yes.has(value.trim().toLowerCase());
}

function integer(value: unknown, otherwise: unknown, base: unknown): unknown {
  if (value instanceof WholeFloat) return value.valueOf();
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return Math.trunc(value);
  const text = typeof value === 'string' ? value.trim().replaceAll('_', '') : '';
  const radix = numberArgument(base, 10);
  const digits = radix === 10 ? text : text.replace(/^([-+]?)0[xXoObB]/, '$1');
  const found = radix === 10 ? (text === '' ? Number.NaN : Number(text)) : Number.parseInt(digits, radix);
  const usable = radix === 10 ? /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text) : /^[-+]?[\da-z]+$/i.test(digits);
  return usable && !Number.isNaN(found) ? Math.trunc(found) : (otherwise ?? 0);
}

function typeName(value: unknown): string {
  if (value instanceof Undefined) return 'AnsibleUndefined';
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (isFloat(value)) return 'float';
  if (typeof value === 'number') return 'int';
  if (typeof value === 'string') return 'str';
  return Array.isArray(value) ? 'list' : 'dict';
}

// A date is the text that it prints as.
function withoutDates(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00\.000Z$/, '');
  if (Array.isArray(value)) return value.map(withoutDates);
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutDates(item)]));
}

/** Filters that give values another form: defaults, numbers, JSON, YAML, base64, hashes. */
export const dataFilters: FilterTable = {
  default: lenientFilter(['default_value?', 'boolean?'], (value, [otherwise = '', boolean]) =>
    value instanceof Undefined || (boolean !== undefined && truthy(boolean) && !truthy(value))
      ? otherwise
      : value,
  ),
  mandatory: lenientFilter(['msg?'], (value, [message]) => {
    if (!(value instanceof Undefined)) return value;
    throw message === undefined
      ? value.error()
      : new TemplateError(textOf(message), undefined, { code: 'undefined-variable' });
  }),
  type_debug: lenientFilter([], typeName),
  bool: filter([], boolOf),
  int: filter(['default?', 'base?'], (value, [otherwise, base]) => integer(value, otherwise, base)),
  float: filter(['default?'], (value, [otherwise = 0]) => {
    const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : numeric(value);
    if (typeof found === 'number' && !Number.isNaN(found)) return floatOf(found);
    return typeof otherwise === 'number' ? floatOf(otherwise) : otherwise;
  }),
  string: filter([], textOf),
  pprint: filter(['verbose?'], representation),
  ternary: lenientFilter(['true_val', 'false_val', 'none_val?'], (value, [whenTrue, whenFalse, whenNone]) =>
    value === null && whenNone !== undefined ? whenNone : truthy(value) ? whenTrue : whenFalse,
  ),
  to_json: filter(['ensure_ascii?', 'sort_keys?', 'indent?'], (value, [ascii, sorted, indent]) =>
    json(value, { indent: numberArgument(indent, 0), sorted: sorted === true, ascii: ascii !== false }),
  ),
  to_nice_json: filter(['indent?', 'sort_keys?', 'ensure_ascii?'], (value, [indent, sorted, ascii]) =>
    json(value, { indent: numberArgument(indent, 4), sorted: sorted !== false, ascii: ascii !== false }),
  ),
  tojson: filter(['indent?'], (value, [indent]) =>
    json(value, { indent: numberArgument(indent, 0), sorted: true, ascii: true }).replaceAll(
      /[<>&']/g,
      (mark) => `\\u00${mark.charCodeAt(0).toString(16)}`,
    ),
  ),
  to_yaml: filter(
    ['indent?', 'width?', 'sort_keys?', 'default_flow_style?', '**others'],
    (value, [indent, width, sorted, flow]) => yaml(value, indent, width, sorted, flow === false),
  ),
  to_nice_yaml: filter(['indent?', 'width?', 'sort_keys?', '**others'], (value, [indent, width, sorted]) =>
    yaml(value, indent ?? 4, width, sorted, true),
  ),
  from_json: filter([], (value) => parsed(value, 'JSON', (text) => JSON.parse(text))),
  from_yaml: filter([], (value) =>
    parsed(value, 'YAML', (text) => withoutDates(load(text, { schema: YAML11_SCHEMA }))),
  ),
  from_yaml_all: filter([], (value) =>
    parsed(value, 'YAML', (text) => loadAll(text, { schema: YAML11_SCHEMA }).map(withoutDates)),
  ),
  b64encode: filter(['encoding?'], (value, [encoding]) =>
    Buffer.from(textOf(value), bufferEncoding(encoding)).toString('base64'),
  ),
  b64decode: filter(['encoding?'], (value, [encoding]) =>
    Buffer.from(textOf(value), 'base64').toString(bufferEncoding(encoding)),
  ),
  hash: filter(['hashtype?'], (value, [algorithm]) => digest(value, textArgument(algorithm, 'sha1'))),
  checksum: filter([], (value) => digest(value, 'sha1')),
  sha1: filter([], (value) => digest(value, 'sha1')),
  md5: filter([], (value) => digest(value, 'md5')),
  extract: lenientFilter(['container', 'morekeys?'], (key, [container, more]) => {
    const first = attributeStep(container, key);
    const keys = more === undefined || more === null ? [] : Array.isArray(more) ? more : [more];
    return keys.reduce<unknown>(attributeStep, first);
  }),
  attr: filter(['name'], (value, [name]) => attributeOf(value, name)),
};

function attributeStep(container: unknown, key: unknown): unknown {
  const known = defined(key);
  if (container instanceof Undefined) return container;
  if (Array.isArray(container) && typeof known === 'number') {
    const item: unknown = container.at(known);
    return item === undefined ? new Undefined(`the list has no item ${known}`) : item;
  }
  const name = textOf(known);
  if (isMapping(container) && Object.hasOwn(container, name)) return container[name];
  return new Undefined(`${kindOf(container)} has no key '${name}'`);
}

function bufferEncoding(value: unknown): BufferEncoding {
  const name = textArgument(value, 'utf-8').toLowerCase();
  if (Buffer.isEncoding(name)) return name;
  throw new TemplateError(`there is no text encoding '${name}'`, undefined, { hint: 'use utf-8' });
}
