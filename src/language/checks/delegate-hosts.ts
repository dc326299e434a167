import type { Problem } from '../../errors/problem.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import { unknownDelegate } from '../evaluate/unknown-delegate.ts';
import type { Inventory, Play } from '../model.ts';
import { allTasks, nodesOf } from '../task-walk.ts';

/**
 * Tasks that are delegated to a host of which the inventory knows nothing, as far as they name it without a template.
 * @param mayJoin whether a host of that name may join while the run goes on
 */
export function unknownDelegates(
  plays: readonly Play[],
  { hosts }: Inventory,
  mayJoin: (name: string) => boolean,
): readonly Problem[] {
  return [...allTasks(nodesOf(plays))].flatMap(({ delegateTo }) => {
    const name = delegateTo?.value;
    if (!delegateTo || typeof name !== 'string' || isTemplate(name)) return [];
    return hosts.has(name) || mayJoin(name) ? [] : [unknownDelegate(name, delegateTo.at(), hosts)];
  });
}
