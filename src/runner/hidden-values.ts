import { isTemplate } from '../jinja/values/template-marks.ts';
import { isMapping } from '../jinja/values/value.ts';
import type { Task } from '../language/model.ts';
import type { Ready } from '../planner/question.ts';

/**
 * What a task with no_log must keep from being shown anywhere: the values its templates gave.
 * Literal words of the playbook (`present`, a path) are no secrets and stay readable elsewhere.
 */
export function hiddenValues(task: Task, ready: Ready): readonly string[] {
  if (!task.noLog) return [];
  return ready.items.flatMap(({ args, item }) => [
    ...templated(task.args.value, args),
    ...(task.loop ? templated(task.loop.value, item) : []),
  ]);
}

function templated(written: unknown, value: unknown): readonly string[] {
  if (typeof written === 'string') return isTemplate(written) ? texts(value) : [];
  if (Array.isArray(written) && Array.isArray(value))
    return written.flatMap((one, n) => templated(one, value[n]));
  if (!isMapping(written) || !isMapping(value)) return [];
  return Object.entries(written).flatMap(([key, one]) => templated(one, value[key]));
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value, ...value.split('\n')];
  if (Array.isArray(value)) return value.flatMap(texts);
  return isMapping(value) ? Object.values(value).flatMap(texts) : [];
}
