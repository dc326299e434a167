/**
 * A mapping whose values are found when they are asked for; looks like a plain object to everything else.
 * @param includes whether a key is there, where that is known without all of them
 */
export function lazyMapping(
  keys: () => readonly string[],
  get: (key: string) => unknown,
  includes?: (key: string) => boolean,
): Readonly<Record<string, unknown>> {
  let known: ReadonlySet<string | symbol> | undefined;
  const all = (): ReadonlySet<string | symbol> => {
    known ??= new Set(keys());
    return known;
  };
  const has = (key: string | symbol): boolean =>
    includes && typeof key === 'string' ? includes(key) : all().has(key);
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, key) => (has(key) ? get(String(key)) : undefined),
      has: (_, key) => has(key),
      ownKeys: () => [...all()],
      getOwnPropertyDescriptor: (_, key) =>
        has(key) ? { enumerable: true, configurable: true, value: undefined } : undefined,
      set: () => false,
      deleteProperty: () => false,
      defineProperty: () => false,
    },
  );
}
