import type { Problem } from '../../errors/problem.ts';
import type { AnyResource } from '../../resources/resource.ts';
import type { YamlChild, YamlNode } from '../source/yaml/yaml-node.ts';

const canonical = new WeakMap<AnyResource, ReadonlyMap<string, string>>();

function namesOf(resource: AnyResource): ReadonlyMap<string, string> {
  const known = canonical.get(resource);
  if (known) return known;
  const made = new Map(
    Object.entries(resource.argumentAliases ?? {}).flatMap(([name, aliases]) =>
      aliases.map((alias) => [alias, name] as const),
    ),
  );
  canonical.set(resource, made);
  return made;
}

/** Arguments under the names that their resource knows; one that stands there twice, under two names, is a problem. */
export function canonicalArguments(
  args: YamlNode,
  resource: AnyResource | undefined,
): { readonly args: YamlNode; readonly problems: readonly Problem[] } {
  const names = resource ? namesOf(resource) : undefined;
  if (!names || names.size === 0 || !args.entries().some(([key]) => names.has(key)))
    return { args, problems: [] };
  const problems: Problem[] = [];
  const entries = new Map<string, YamlChild>();
  const written = new Map<string, string>();
  for (const [key, node] of args.entries()) {
    const name = names.get(key) ?? key;
    const first = written.get(name);
    if (first !== undefined) {
      const message = `'${first}' and '${key}' are the same argument`;
      problems.push({ code: 'conflicting-keys', message, at: args.keyAt(key), hint: `keep ${name} only` });
    }
    written.set(name, key);
    entries.set(name, { keyAt: args.keyAt(key), node });
  }
  return { args: args.withEntries(entries), problems };
}
