import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../resources/resource.ts';
import {
  isValues,
  type Leaf,
  mountOf,
  namedKeys,
  namesOf,
  type Replacement,
  type Values,
} from './service-wish.ts';

/** Whether a service says something about what a leaf wants: then that file has a say in it. */
export function speaksOf(service: Values, leaf: Leaf): boolean {
  switch (leaf.kind) {
    case 'entry':
      return leaf.name in namesOf(service[leaf.key]);
    case 'mount':
      return listOf(service[leaf.key]).some((one) => mountOf(one).target === leaf.target);
    case 'item':
      return listOf(service[leaf.key]).some((one) => isSame(one, leaf.value));
    case 'value':
      return at(service, leaf.path) !== undefined;
  }
}

/** The service with what a leaf wants in it. */
export function withLeaf(service: Values, leaf: Leaf): Values {
  switch (leaf.kind) {
    case 'entry':
      return { ...service, [leaf.key]: withName(service[leaf.key], leaf.name, leaf.value) };
    case 'mount':
      return { ...service, [leaf.key]: withMount(listOf(service[leaf.key]), leaf.target, leaf.value) };
    case 'item':
      if (isValues(service[leaf.key])) {
        const key = String(leaf.value);
        return { ...service, [leaf.key]: { [key]: null, ...(service[leaf.key] as Values) } };
      }
      return speaksOf(service, leaf)
        ? service
        : { ...service, [leaf.key]: [...listOf(service[leaf.key]), leaf.value] };
    case 'value':
      return withValue(service, leaf.path, leaf.value);
  }
}

/** The service without something that a name means, and without what is empty then. */
export function without(service: Values, name: string): Values {
  const [key = '', ...rest] = name.split('.');
  const value = service[key];
  if (value === undefined) return service;
  const inner = rest.join('.');
  if (inner === '') return omitted(service, key);
  const left = withoutInner(key, value, inner);
  if (isDeepStrictEqual(left, value)) return service;
  const empty = Array.isArray(left) ? left.length === 0 : isValues(left) && Object.keys(left).length === 0;
  return empty ? omitted(service, key) : { ...service, [key]: left };
}

function withoutInner(key: string, value: Json, inner: string): Json {
  if (Array.isArray(value)) {
    const gone = (item: Json) =>
      namedKeys.has(key)
        ? String(item).split('=', 1)[0] === inner
        : key === 'volumes'
          ? mountOf(item).target === inner
          : String(item) === inner;
    return value.filter((item) => !gone(item));
  }
  if (!isValues(value)) return value;
  return namedKeys.has(key) ? omitted(value, inner) : without(value, inner);
}

/** A value with texts replaced in all its strings. */
export function withTexts<Value extends Json>(value: Value, replace: readonly Replacement[]): Value;
export function withTexts(value: Json, replace: readonly Replacement[]): Json {
  if (typeof value === 'string') return replace.reduce(replaced, value);
  if (Array.isArray(value)) return value.map((one) => withTexts(one, replace));
  if (!isValues(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTexts(one, replace)]));
}

// In one go: what is wanted may contain what it replaces, and is not replaced once more.
function replaced(text: string, { texts, with: wanted }: Replacement): string {
  const any = [wanted, ...texts].toSorted((one, other) => other.length - one.length).map(literally);
  return text.replaceAll(new RegExp(any.join('|'), 'g'), () => wanted);
}

// As a regular expression that matches it.
function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Whether one of the strings of a value has a text in it. */
export function hasText(value: Json | undefined, text: string): boolean {
  if (typeof value === 'string') return value.includes(text);
  if (value === undefined || value === null || typeof value !== 'object') return false;
  return Object.values(value).some((one) => hasText(one, text));
}

function omitted(values: Values, key: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return isValues(value) && Object.hasOwn(value, key) ? at(value[key], rest) : undefined;
}

function withValue(values: Values, [key = '', ...rest]: readonly string[], value: Json): Values {
  const old = values[key];
  if (rest.length > 0) return { ...values, [key]: withValue(isValues(old) ? old : {}, rest, value) };
  return isSame(old, value) ? values : { ...values, [key]: value };
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

// 80 and "80" are the same to Compose.
function isSame(one: Json | undefined, other: Json): boolean {
  const plain = (value: Json | undefined) => typeof value === 'string' || typeof value === 'number';
  return plain(one) && plain(other) ? String(one) === String(other) : isDeepStrictEqual(one, other);
}

function withName(has: Json | undefined, name: string, value: Json): Json {
  const names = namesOf(has);
  const wanted = value === null ? null : String(value);
  const old = names[name];
  if (name in names && (old === null || old === undefined ? wanted === null : String(old) === wanted))
    return has ?? null;
  if (!Array.isArray(has)) return { ...names, [name]: wanted };
  const item = wanted === null ? name : `${name}=${wanted}`;
  const isIt = (one: Json) => String(one).split('=', 1)[0] === name;
  return has.some(isIt) ? has.map((one) => (isIt(one) ? item : one)) : [...has, item];
}

function withMount(has: readonly Json[], target: string, value: Json): readonly Json[] {
  const isThere = (one: Json) => mountOf(one).target === target;
  if (!has.some(isThere)) return [...has, value];
  return has.map((one) => (isThere(one) && !isDeepStrictEqual(mountOf(one), mountOf(value)) ? value : one));
}
