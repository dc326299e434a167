import { lookupItems } from '../../jinja/expression/loop-lookups.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { Undefined } from '../../jinja/values/undefined.ts';
import { isMapping, kindOf, type Mapping, omit, textOf } from '../../jinja/values/value.ts';
import type { Playbook, Source, Task } from '../model.ts';
import type { Scope } from './scope.ts';
import { placed } from './source-value.ts';

/** The items of a loop. Throws TemplateError when it is not a list. */
export function loopItems(
  loop: Source,
  scope: Scope,
  playbook: Playbook,
  lookup?: string,
): readonly unknown[] {
  if (lookup !== undefined) return lookedUp(loop, scope, playbook, lookup);
  const items = scope.value(loop);
  if (Array.isArray(items)) return items;
  if (items === omit) return [];
  const error = new TemplateError(`loop needs a list, not ${kindOf(items)}`, undefined, {
    code: 'wrong-type',
    why: typeof items === 'string' ? `it is the text '${items.slice(0, 60)}'` : undefined,
    hint: isMapping(items) ? 'add | dict2items' : 'put one value into a list: [value]',
  });
  error.place = loop.at();
  throw error;
}

function lookedUp(loop: Source, scope: Scope, playbook: Playbook, lookup: string): readonly unknown[] {
  const given = scope.value(loop);
  if (given === omit) return [];
  const terms = Array.isArray(given) ? given : [given];
  return placed(loop, [], '', playbook.sources, () => lookupItems(lookup, terms, scope) ?? []);
}

/**
 * The variables of one item.
 * @param items all that there are
 */
export function itemVariables(
  task: Task,
  item: unknown,
  index: number,
  items: readonly unknown[],
): ReadonlyMap<string, unknown> {
  const variables = new Map<string, unknown>([
    [task.loopVar, item],
    ['ansible_loop_var', task.loopVar],
  ]);
  if (task.indexVar !== undefined)
    variables.set(task.indexVar, index).set('ansible_index_var', task.indexVar);
  if (task.loopExtended !== undefined)
    variables.set('ansible_loop', extended(index, items, task.loopExtended === 'whole'));
  return variables;
}

function extended(index: number, items: readonly unknown[], whole: boolean): Mapping {
  const { length } = items;
  const last = index + 1 >= length;
  return {
    index: index + 1,
    index0: index,
    first: index === 0,
    last,
    length,
    revindex: length - index,
    revindex0: length - index - 1,
    ...(!last && { nextitem: items[index + 1] }),
    ...(index > 0 && { previtem: items[index - 1] }),
    ...(whole && { allitems: items }),
  };
}

/** Stands for the item before there is one: conditions that need it cannot be decided for the whole task. */
export function noItem(task: Task): ReadonlyMap<string, unknown> {
  return itemVariables(task, new Undefined(`'${task.loopVar}' is known for each item only`), 0, []);
}

/** How an item is called in reports. */
export function itemLabel(task: Task, item: unknown, scope: Scope): string {
  const value = task.loopLabel ? scope.value(task.loopLabel) : item;
  return Array.isArray(value) || isMapping(value) ? JSON.stringify(value) : textOf(value);
}
