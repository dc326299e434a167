import { lazyMapping } from './lazy-mapping.ts';

/** A scope as these mappings look into it. */
interface Names {
  names(): Iterable<string>;
  find(name: string): unknown;
}

/** The same, of a host outside of every play. */
interface OwnNames extends Names {
  ownNames(): readonly string[];
  isOwn(name: string): boolean;
}

/** What `vars` is: all names of a scope that have a value. */
export function varsView(scope: Names): unknown {
  const known = (name: string) => name !== 'vars' && scope.find(name) !== undefined;
  return lazyMapping(
    () => [...new Set(scope.names())].filter(known),
    (name) => scope.find(name),
    known,
  );
}

/**
 * What `hostvars` is: the own names of every host.
 * @param scopeOf made only for hosts that are looked into
 */
export function hostvarsView(
  hosts: ReadonlyMap<string, unknown>,
  scopeOf: (host: string) => OwnNames,
): unknown {
  return lazyMapping(
    () => [...hosts.keys()],
    (host) => {
      const scope = scopeOf(host);
      return lazyMapping(
        () => scope.ownNames(),
        (name) => scope.find(name),
        (name) => scope.isOwn(name),
      );
    },
    (host) => hosts.has(host),
  );
}
