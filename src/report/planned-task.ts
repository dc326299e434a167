import type { TaskResult } from '../runner/events.ts';
import { attributeLines, changeLines } from './diff-text.ts';
import { padTo, textWidth, wrapWords } from './fitted-text.ts';
import { hostList } from './host-list.ts';
import type { Paint, Style } from './paint.ts';
import { groupResults, type ResultGroup } from './result-groups.ts';
import type { TaskTally } from './task-tally.ts';

/** What a task would do: bring something about, alter it, take it away; fail; or nobody knows yet. */
type Sign = '+' | '~' | '-' | '!' | '?';

const styles: Readonly<Record<Sign, Style>> = {
  '+': 'green',
  '~': 'yellow',
  '-': 'red',
  '!': 'red',
  '?': 'magenta',
};

/** How much of a plan is shown: whole diffs or only what differs; columns. */
export interface PlanChoice {
  readonly diff: boolean;
  readonly width: number;
}

/** What a run would do with one task, hosts with the same changes together; empty when there is nothing to do. */
export function plannedTask(tally: TaskTally, choice: PlanChoice, paint: Paint): readonly string[] {
  const results = [...tally.results.values()].flat();
  const due = results.filter((result) => result.status !== 'ok' && result.status !== 'skipped');
  const groups = groupResults(due, (result) => [
    result.status,
    result.changes,
    result.dependsOn,
    result.message,
  ]);
  return groups.flatMap((group) => plannedGroup(tally, group, choice, paint));
}

function plannedGroup(
  tally: TaskTally,
  group: ResultGroup,
  choice: PlanChoice,
  paint: Paint,
): readonly string[] {
  const { result, hosts } = group;
  const sign = signOf(result);
  // What cannot be known may alter something too: it carries the sign of an alteration.
  const mark = paint(styles[sign], sign === '?' ? '~' : sign);
  const item = result.item === undefined ? '' : ` (${result.item})`;
  const name = `${tally.name}${item}${tally.handler ? ' (handler)' : ''}`;
  const names = hostList(hosts, Math.max(16, choice.width - textWidth(name) - 6));
  const room = choice.width - 4 - textWidth(names);
  const head =
    textWidth(name) + 2 > room
      ? [`  ${mark} ${name}`, `      ${paint('dim', `on ${names}`)}`]
      : [`  ${mark} ${padTo(name, room)}${paint('dim', names)}`];
  return [...head, ...groupBody(result, choice, paint).map((line) => `      ${line}`)];
}

function groupBody(result: TaskResult, choice: PlanChoice, paint: Paint): readonly string[] {
  const room = choice.width - 6;
  if (result.status === 'failed') {
    const ignored = result.ignored ? ' (ignored)' : '';
    return wrapWords(`would fail${ignored}: ${result.message ?? 'no reason given'}`, room);
  }
  if (result.status === 'unknown') {
    const causes = result.dependsOn ?? [];
    const depends = causes.length === 0 ? '' : ` (depends on: ${causes.join(', ')})`;
    return wrapWords(`unknown until applied${depends}`, room);
  }
  return choice.diff ? changeLines(result.changes, paint) : attributeLines(result.changes, paint);
}

function signOf({ status, changes }: TaskResult): Sign {
  if (status === 'failed') return '!';
  if (status === 'unknown') return '?';
  if (changes.some(({ to }) => to === 'absent' || to === 'purged')) return '-';
  return changes.some(({ from }) => from === 'absent') ? '+' : '~';
}
