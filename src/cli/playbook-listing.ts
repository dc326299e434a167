import type { Playbook, Task } from '../language/model.ts';
import { isSelected } from '../language/tag-selection.ts';
import { allTasks } from '../language/task-walk.ts';
import { counted } from '../report/host-list.ts';
import type { Paint } from '../report/paint.ts';
import type { RunOptions } from './command-options.ts';

/** Options that list what a run would be about instead of running. */
export type ListOptions = Pick<RunOptions, 'listHosts' | 'listTasks' | 'listTags' | 'tags' | 'skipTags'>;

/** What `--list-hosts`, `--list-tasks` and `--list-tags` show, play by play; undefined when none of them is given. */
export function playbookListing(
  playbook: Playbook,
  options: ListOptions,
  paint: Paint,
): readonly string[] | undefined {
  const { listHosts = false, listTasks = false, listTags = false } = options;
  if (!listHosts && !listTasks && !listTags) return undefined;
  return playbook.plays.flatMap((play) => {
    const tasks = [...allTasks(play.tasks)].filter((task) => isShown(task, options));
    const hosts = play.hosts.filter((host) => playbook.limited.has(host));
    return [
      `${paint('bold', `play ${play.index}: ${play.name}`)}  ${paint('dim', counted(hosts.length, 'host'))}`,
      ...(listHosts ? section('hosts', hosts, listTasks || listTags) : []),
      ...(listTasks ? section('tasks', tasks.map(taskWords), listHosts || listTags) : []),
      ...(listTags ? section('tags', tagsOf(tasks), listHosts || listTasks) : []),
      '',
    ];
  });
}

// One list needs no heading; of several each has one.
function section(name: string, lines: readonly string[], several: boolean): readonly string[] {
  const shown = lines.length === 0 ? ['(none)'] : lines;
  return several ? [`  ${name}:`, ...shown.map((line) => `    ${line}`)] : shown.map((line) => `  ${line}`);
}

function isShown(task: Task, { tags = [], skipTags = [] }: ListOptions): boolean {
  return task.resource !== 'meta' && isSelected(task.tags, tags, skipTags);
}

function taskWords({ name, resource, role, tags }: Task): string {
  const lead = role ? `${role.name} : ` : '';
  const tagged = tags.length === 0 ? '' : `  [${tags.join(', ')}]`;
  return `${lead}${name ?? resource}${tagged}`;
}

function tagsOf(tasks: readonly Task[]): readonly string[] {
  return [...new Set(tasks.flatMap(({ tags }) => tags))].sort();
}
