import type { TaskResult } from '../runner/events.ts';
import { attributeLines, changeLines } from './diff-text.ts';
import { padTo, shorten, textWidth, wrapWords } from './fitted-text.ts';
import { hostList } from './host-list.ts';
import type { Paint } from './paint.ts';
import { paintedSign, signOf } from './plan-sign.ts';
import { groupResults, type ResultGroup } from './result-groups.ts';
import type { ShownChanges } from './shown-changes.ts';
import type { TaskTally } from './task-tally.ts';

/** How much of a plan is shown: whole diffs, their beginnings or only what differs; columns. */
export interface PlanChoice {
  readonly diff: boolean;
  readonly brief: boolean;
  readonly width: number;
}

/** What would be done by one task on hosts that are alike. */
export interface PlannedEntry {
  readonly head: readonly string[];
  readonly body: readonly string[];
  /** Why it is not known what would be done, in place of a body. */
  readonly unknown?: string;
  readonly hosts: readonly string[];
}

/** What is the same on its hosts, and for each of its items. */
interface PlannedGroup extends ResultGroup {
  readonly items: readonly string[];
}

/**
 * What a run would do with one task, hosts and items with the same changes together; empty when there is nothing to do.
 * @param shown what the plan has shown already: that is only named again
 */
export function plannedTask(
  tally: TaskTally,
  choice: PlanChoice,
  paint: Paint,
  shown: ShownChanges,
): readonly PlannedEntry[] {
  const results = [...tally.results.values()].flat();
  const due = results.filter((result) => result.status !== 'ok' && result.status !== 'skipped');
  const groups = foldItems(groupResults(due, (result) => whatOf(result)));
  return groups.map((group) => plannedGroup(tally, group, choice, paint, shown));
}

function whatOf({ status, changes, dependsOn, message }: TaskResult): unknown {
  return [status, changes, dependsOn, message];
}

function foldItems(groups: readonly ResultGroup[]): readonly PlannedGroup[] {
  const same = Map.groupBy(groups, ({ hosts, result }) => JSON.stringify([hosts, whatOf(result)]));
  return [...same.values()].flatMap((some) => {
    const [first] = some;
    const items = some.flatMap(({ result }) => (result.item === undefined ? [] : [result.item]));
    return first ? [{ ...first, items }] : [];
  });
}

function plannedGroup(
  tally: TaskTally,
  group: PlannedGroup,
  choice: PlanChoice,
  paint: Paint,
  shown: ShownChanges,
): PlannedEntry {
  const { result, hosts, items } = group;
  const handler = tally.handler ? ' (handler)' : '';
  const inItems =
    items.length === 0 ? '' : ` (${itemList(items, choice.width - textWidth(tally.name) - 24)})`;
  const name = `${tally.name}${inItems}${handler}`;
  const names = hostList(hosts, Math.max(16, choice.width - textWidth(name) - 6));
  const room = choice.width - 4 - textWidth(names);
  const mark = paintedSign(signOf(result), paint);
  const head =
    textWidth(name) + 2 > room
      ? [`  ${mark} ${name}`, `      ${paint('dim', `on ${names}`)}`]
      : [`  ${mark} ${padTo(name, room)}${paint('dim', names)}`];
  if (result.status === 'unknown') return { head, hosts, body: [], unknown: unknownText(result) };
  const whole = groupBody(result, { ...choice, brief: false }, paint);
  const lines = choice.brief ? groupBody(result, choice, paint) : whole;
  const body = shown
    .fold(tally.name, lines, whole)
    .flatMap((line) => (whole.includes(line) ? [line] : wrapWords(line, choice.width - 6)));
  return { head, hosts, body: body.map((line) => `      ${line}`) };
}

/** The lines of a play's tasks; neighbours that wait for the same are said to do so once. */
export function entryLines(entries: readonly PlannedEntry[], width: number): readonly string[] {
  let alike = 0;
  return entries.flatMap((entry, index) => {
    const { head, body, unknown } = entry;
    if (unknown === undefined) return [...head, ...body];
    alike++;
    const next = entries[index + 1];
    if (next?.unknown === unknown && next.hosts.join() === entry.hosts.join()) return head;
    const lead = alike === 1 ? '' : `these ${alike} are `;
    alike = 0;
    return [...head, ...wrapWords(lead + unknown, width - 6).map((line) => `      ${line}`)];
  });
}

// The names of items as far as they fit, then how many more.
function itemList(items: readonly string[], width: number): string {
  return items.length === 1
    ? shorten(items[0] ?? '', Math.max(40, width))
    : hostList(items, Math.max(40, width));
}

function groupBody(result: TaskResult, choice: PlanChoice, paint: Paint): readonly string[] {
  const room = choice.width - 6;
  if (result.status === 'failed') {
    const ignored = result.ignored ? ' (ignored)' : '';
    return wrapWords(`would fail${ignored}: ${result.message ?? 'no reason given'}`, room);
  }
  return choice.diff
    ? changeLines(result.changes, paint, choice.brief)
    : attributeLines(result.changes, paint);
}

function unknownText({ dependsOn: causes = [] }: TaskResult): string {
  const depends = causes.length === 0 ? '' : ` (depends on: ${causes.join(', ')})`;
  return `unknown until applied${depends}`;
}
