import { isTemplate } from '../../jinja/values/template-marks.ts';
import { isMapping } from '../../jinja/values/value.ts';
import type { Play, Task } from '../model.ts';
import { allTasks, nodesOf } from '../task-walk.ts';

/** The tasks that let hosts join the inventory while the run goes on. */
export function joiningTasks(plays: readonly Play[]): readonly Task[] {
  return [...allTasks(nodesOf(plays))].filter(
    ({ resource }) => resource === 'add_host' || resource === 'group_by',
  );
}

/** Whether these tasks may bring a host or group of a name, which may be a pattern too; what a template gives may be anything like it. */
export function mayJoin(tasks: readonly Task[], name: string): boolean {
  return tasks.some((task) => namesOf(task).some((written) => isLike(written, name)));
}

function namesOf({ args: { value } }: Task): readonly string[] {
  if (!isMapping(value)) return [];
  const { name, groups, key, parents } = value;
  return [name, groups, key, parents]
    .flatMap((part) => (Array.isArray(part) ? part : [part]))
    .flatMap((part) => (typeof part === 'string' ? part.split(/,(?![^{]*\}\})/) : []))
    .map((part) => part.trim());
}

// Both may be patterns: the text around a template, the name in `hosts` with * or a range behind it.
function isLike(written: string, name: string): boolean {
  const plain = name.replace(/\[[^\]]*\]$/, '');
  const wanted = expression(plain.replace(/^~/, ''), /[*?]/g);
  if (!isTemplate(written)) return wanted.test(written.replaceAll(' ', '-'));
  return (
    plain.startsWith('~') || /[*?]/.test(plain) || expression(written, /\{\{.*?\}\}|\{%.*?%\}/g).test(plain)
  );
}

function expression(text: string, any: RegExp): RegExp {
  const parts = text.split(any).map((part) => part.replaceAll(/[^\w]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`);
}
