import type { AnyResource } from '../../resources/resource.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { canonicalArguments } from './argument-names.ts';
import type { PlayScope } from './play-scope.ts';
import { type Action, shortName } from './task-action.ts';

// What a word `module_defaults` says of the resource; `group/docker` says something of none.
function defaultsFor(scope: PlayScope, word: YamlNode, resource: AnyResource): YamlNode | undefined {
  return word.entries().findLast(([key]) => scope.loading.resources.get(shortName(key)) === resource)?.[1];
}

/** The arguments of a task with those that `module_defaults` gives its resource, where it gives none itself. */
export function withModuleDefaults(
  scope: PlayScope,
  args: YamlNode,
  { resource }: Action,
  moduleDefaults: readonly YamlNode[],
): YamlNode {
  if (!resource || moduleDefaults.length === 0 || !args.isMapping()) return args;
  // The nearest counts as a whole.
  const found = moduleDefaults.flatMap((word) => defaultsFor(scope, word, resource) ?? []).at(-1);
  if (!found?.isMapping()) return args;
  const { args: named } = canonicalArguments(found, resource);
  const given = named.entries().map(([key, node]) => [key, { keyAt: named.keyAt(key), node }] as const);
  const own = args.entries().map(([key, node]) => [key, { keyAt: args.keyAt(key), node }] as const);
  return args.withEntries([...given, ...own]);
}

/** Words of `module_defaults` that give nothing to anything here, as warnings. */
export function idleDefaults(scope: PlayScope, node: YamlNode): readonly string[] {
  const word = node.get('module_defaults');
  if (!word?.isMapping()) return [];
  return word
    .entries()
    .filter(([key]) => !scope.loading.resources.has(shortName(key)))
    .map(([key]) => {
      const { file, line } = word.keyAt(key);
      return `${file}:${line}: module_defaults of '${key}' have no effect: no module that is there is meant`;
    });
}
