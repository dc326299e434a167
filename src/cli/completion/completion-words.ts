import { dirname, resolve } from 'node:path';
import { roleVariables } from '../../language/editor-schema/role-vocabulary.ts';
import { loadPlaybook } from '../../language/playbook-loader.ts';
import { allTasks } from '../../language/task-walk.ts';
import { defaultInventories } from '../loaded-playbook.ts';
import { allFilters, allResources, type Tool } from '../tool.ts';
import type { CompletionKind } from './completion-kinds.ts';

/** The words of a kind that a playbook knows, sorted. Throws where it cannot be loaded. */
export async function completionWords(
  kind: CompletionKind,
  file: string,
  inventories: readonly string[],
  { domains, settings }: Tool,
): Promise<readonly string[]> {
  const resources = await allResources(domains);
  if (kind === 'variables') return Object.keys(roleVariables(resources, dirname(resolve(file)))).sort();
  const playbook = await loadPlaybook(file, {
    inventories,
    extraVars: [],
    defaultInventories: defaultInventories(settings),
    limit: undefined,
    tags: [],
    skipTags: [],
    resources,
    filters: await allFilters(domains),
  });
  const tasks = playbook.plays.flatMap((play) => [...allTasks(play.tasks)]);
  const words = {
    hosts: () => [...playbook.inventory.groups.keys(), ...playbook.inventory.hosts.keys()],
    tags: () => tasks.flatMap((task) => task.tags),
    tasks: () => tasks.flatMap(({ name }) => name ?? []),
  };
  return [...new Set(words[kind]())].filter((word) => !/\p{Cc}/u.test(word)).sort();
}
