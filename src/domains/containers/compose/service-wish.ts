import type { Json } from '../../../resources/resource.ts';

/** Keys of a service, or of a part of one. */
export type Values = { readonly [key: string]: Json };

/** What is to stand in a text's place, wherever one of the texts stands in a value. */
export interface Replacement {
  readonly texts: readonly string[];
  readonly with: string;
}

/** What is wanted of a service. */
export interface ServiceWish {
  readonly settings: Values;
  /** Names of what shall not be there: `privileged`, `environment.DEBUG`, `volumes./certs`. */
  readonly absent: readonly string[];
  readonly replace: readonly Replacement[];
}

/** One thing of the settings that is wanted, in the way in which Compose merges it. */
export type Leaf =
  /** The whole value at a path of keys. */
  | { readonly kind: 'value'; readonly path: readonly string[]; readonly value: Json }
  /** A name with its value, in either way to write such names. */
  | { readonly kind: 'entry'; readonly key: string; readonly name: string; readonly value: Json }
  /** What is mounted at a path of the container. */
  | { readonly kind: 'mount'; readonly key: string; readonly target: string; readonly value: Json }
  /** An item of a list. */
  | { readonly kind: 'item'; readonly key: string; readonly value: Json };

/** Keys that hold names with values: as a mapping, or as a list of NAME=VALUE. */
export const namedKeys: ReadonlySet<string> = new Set(['environment', 'labels', 'annotations', 'sysctls']);

// Compose takes these as a whole from the last file that has them.
const wholeKeys: ReadonlySet<string> = new Set(['command', 'entrypoint']);

/** Whether a value is a mapping. */
export function isValues(value: Json | undefined): value is Values {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The settings one by one. */
export function leaves(settings: Values): readonly Leaf[] {
  return Object.entries(settings).flatMap(([key, value]): readonly Leaf[] => {
    if (namedKeys.has(key)) {
      return Object.entries(namesOf(value)).map(([name, one]) => ({ kind: 'entry', key, name, value: one }));
    }
    if (key === 'volumes' && Array.isArray(value)) {
      return value.map((one: Json) => ({ kind: 'mount', key, target: mountOf(one).target, value: one }));
    }
    if (Array.isArray(value) && !wholeKeys.has(key)) {
      return value.map((one: Json) => ({ kind: 'item', key, value: one }));
    }
    return below([key], value);
  });
}

function below(path: readonly string[], value: Json): readonly Leaf[] {
  const pairs = isValues(value) ? Object.entries(value) : [];
  if (pairs.length === 0) return [{ kind: 'value', path, value }];
  return pairs.flatMap(([key, one]) => below([...path, key], one));
}

/** Names with their values, from either way to write them. */
export function namesOf(value: Json | undefined): Values {
  if (isValues(value)) return value;
  const items = Array.isArray(value) ? value : [];
  return Object.fromEntries(items.map((item) => nameAndValue(String(item))));
}

function nameAndValue(item: string): [string, Json] {
  const cut = item.indexOf('=');
  return cut < 0 ? [item, null] : [item.slice(0, cut), item.slice(cut + 1)];
}

/** What a mount says, in either way to write one. */
export function mountOf(value: Json): {
  readonly source: string;
  readonly target: string;
  readonly mode: string;
} {
  if (isValues(value)) {
    const { source = '', target = '', read_only: only } = value;
    return { source: String(source), target: String(target), mode: only === true ? 'ro' : '' };
  }
  const [source = '', target, mode = ''] = String(value).split(/:(?![-?])/);
  if (target === undefined) return { source: '', target: source, mode: '' };
  return { source, target, mode: mode === 'rw' ? '' : mode };
}
