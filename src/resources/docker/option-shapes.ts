import type { ContainerArguments } from './container-schema.ts';
import { bytesOf } from './container-values.ts';
import { asTexts, type Inspected, member } from './docker-client.ts';

/** How an option is compared where nothing else is said: texts all together, or each by itself. */
type Shape = 'value' | 'list' | 'set';

/** One thing that a container is made with: what is wanted, what it has, and the words of docker that say it. */
export interface ContainerOption {
  readonly name: keyof ContainerArguments;
  readonly shape: Shape;
  /** `docker update` takes it: the container need not be made anew. */
  readonly update?: true;
  wanted(want: ContainerArguments): readonly string[] | undefined;
  found(have: Inspected): readonly string[];
  words(want: ContainerArguments): readonly string[];
}

type Name = keyof ContainerArguments;

function text(value: unknown): readonly string[] {
  return value === undefined || value === null || value === '' ? [] : [String(value)];
}

/** What docker lists, or maps, as texts. */
export function listed(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return value !== null && typeof value === 'object'
    ? Object.entries(value).map(([name, one]) => (one === '' ? name : `${name}=${String(one)}`))
    : [];
}

/**
 * One value.
 * @param at where the engine keeps it
 * @param settle what both sides are made before they are compared
 */
export function single(
  name: Name,
  flag: string,
  at: readonly string[],
  settle: (value: unknown) => string | undefined = String,
  more: { readonly update?: true; readonly nothing?: string } = {},
): ContainerOption {
  const normal = (value: unknown) => (value === undefined ? undefined : (settle(value) ?? String(value)));
  return {
    name,
    shape: 'value',
    ...(more.update && { update: true }),
    wanted: (want) => (want[name] === undefined ? undefined : text(normal(want[name]))),
    found: (have) => {
      const [only] = text(member(have, ...at));
      return only === undefined ? text(more.nothing) : text(normal(only));
    },
    words: (want) => [flag, String(want[name])],
  };
}

/** true or false. */
export function truth(name: Name, flag: string, at: readonly string[]): ContainerOption {
  return {
    name,
    shape: 'value',
    wanted: (want) => (want[name] === undefined ? undefined : [String(want[name])]),
    found: (have) => [String(member(have, ...at) ?? false)],
    words: (want) => [`${flag}=${String(want[name])}`],
  };
}

/**
 * Several values, each by itself.
 * @param settle what both sides are made before they are compared
 */
export function several(
  name: Name,
  flag: string,
  at: readonly string[],
  settle: (one: string) => string = (one) => one,
  shape: Shape = 'set',
): ContainerOption {
  return {
    name,
    shape,
    wanted: (want) => (want[name] === undefined ? undefined : listed(want[name]).map(settle)),
    found: (have) => listed(member(have, ...at)).map(settle),
    words: (want) => listed(want[name]).flatMap((one) => [flag, one]),
  };
}

/** Names with values. */
export function pairs(name: Name, flag: string, at: readonly string[], separator = '='): ContainerOption {
  const texts = (want: ContainerArguments) =>
    asTexts(want[name] as Record<string, unknown>).map(([key, value]) => `${key}${separator}${value}`);
  return {
    name,
    shape: 'set',
    wanted: (want) => (want[name] === undefined ? undefined : texts(want)),
    found(have) {
      const value = member(have, ...at);
      if (Array.isArray(value)) return value.map(String);
      return asTexts(Object(value ?? {})).map(([key, one]) => `${key}${separator}${one}`);
    },
    words: (want) => texts(want).flatMap((one) => [flag, one]),
  };
}

/** How fast a device may be used, by its path. */
export function rates(name: Name, flag: string, key: string): ContainerOption {
  const texts = (value: unknown, path: string, rate: string) =>
    (Array.isArray(value) ? value : []).map(
      (one) => `${String(member(one, path))}:${bytesOf(member(one, rate))}`,
    );
  return {
    name,
    shape: 'set',
    wanted: (want) => (want[name] === undefined ? undefined : texts(want[name], 'path', 'rate')),
    found: (have) => texts(member(have, 'HostConfig', key), 'Path', 'Rate'),
    words: (want) => texts(want[name], 'path', 'rate').flatMap((one) => [flag, one]),
  };
}

/** What the engine lists in HostConfig under a name, each with members of its own. */
export function members(have: Inspected, name: string): readonly unknown[] {
  const list = member(have, 'HostConfig', name);
  return Array.isArray(list) ? list : [];
}
