import { isMapping } from '../../jinja/values/value.ts';
import type { AnyHostResource } from '../../resources/resource.ts';
import { isOnHost } from '../../resources/source-name.ts';

type Change = (path: string) => string;

interface Schema {
  readonly format?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

function changed(schema: Schema, value: unknown, change: Change, skips: string | undefined): unknown {
  if (typeof value === 'string') {
    const isPath =
      schema.format === 'host-path' || schema.anyOf?.some(({ format }) => format === 'host-path');
    return isPath ? change(value) : value;
  }
  if (Array.isArray(value)) {
    const items = schema.items ?? schema.anyOf?.find((one) => one.items)?.items;
    return items ? kept(value, (one) => changed(items, one, change, undefined)) : value;
  }
  const { properties } = schema;
  if (!properties || !isMapping(value)) return value;
  const others: [string, unknown][] = [];
  for (const [key, part] of Object.entries(properties)) {
    if (key === skips || !Object.hasOwn(value, key)) continue;
    const before = value[key];
    const after = changed(part, before, change, undefined);
    if (after !== before) others.push([key, after]);
  }
  if (others.length === 0) return value;
  // Arguments that are read late stay so.
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(value));
  return Object.assign(copy, Object.fromEntries(others));
}

// The list itself where nothing in it is changed.
function kept(list: readonly unknown[], change: (one: unknown) => unknown): readonly unknown[] {
  const other = list.map(change);
  return other.every((one, index) => one === list[index]) ? list : other;
}

/** The arguments of a resource with each path of the host changed; themselves where none is. */
export function withHostPaths(resource: AnyHostResource, args: unknown, change: Change): unknown {
  const { source } = resource;
  const isHere =
    source !== undefined &&
    isMapping(args) &&
    !isOnHost(source, (argument, value) => args[argument] === value);
  return changed(resource.schema as Schema, args, change, isHere ? source.argument : undefined);
}
