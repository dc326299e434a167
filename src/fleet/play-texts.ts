import type { Play, Playbook, Source, Task, VariableLayer } from '../language/model.ts';
import { allTasks } from '../language/task-walk.ts';

/** All texts in which the tasks of a play may read something: a few too many rather than one too few. */
export function playTexts(
  play: Play,
  playbook: Pick<Playbook, 'sources' | 'inventory' | 'extraVars'>,
): readonly string[] {
  const tasks = [...allTasks(play.tasks), ...play.handlers];
  const layers = new Set<VariableLayer>([
    ...play.vars,
    ...[...playbook.inventory.hosts.values()].flatMap((host) => host.layers),
    playbook.extraVars,
    ...play.roles.flatMap(({ defaults, vars, parameters }) => [defaults, vars, parameters]),
    ...tasks.flatMap(({ vars, role }) => [
      ...vars,
      ...(role ? [role.defaults, role.vars, role.parameters] : []),
    ]),
  ]);
  return [
    ...tasks.flatMap(textsOf),
    ...[...layers].flatMap(({ variables, choice }) =>
      [...variables.values(), ...(choice?.file.names ?? [])].map(textOf),
    ),
    // Which template a task takes may be computed.
    ...[...playbook.sources].flatMap(([file, text]) => (/\.ya?ml$/.test(file) ? [] : [text])),
  ];
}

function textsOf(task: Task): readonly string[] {
  const { args, loop, become, becomeUser, environment, delegateTo, until, changedWhen, failedWhen } = task;
  const sources = [
    ...[args, loop, become, becomeUser, environment, delegateTo, task.loopLabel, task.ignoreErrors],
    ...[task.when, until, changedWhen, failedWhen, task.notify].flatMap((list) => list ?? []),
  ];
  return [...(task.name === undefined ? [] : [task.name]), ...sources.map(textOf)];
}

// Quotes inside a text would be written with backslashes before them.
function textOf(source: Source | undefined): string {
  return source === undefined ? '' : (JSON.stringify(source.value) ?? '').replaceAll('\\"', '"');
}
