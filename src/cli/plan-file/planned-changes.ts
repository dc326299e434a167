import { createHash } from 'node:crypto';
import type { RunEvent } from '../../runner/events.ts';

/** What a plan says of one item of a task on one host, where it is not simply in order. */
export interface PlannedItem {
  readonly host: string;
  /** For people. */
  readonly name: string;
  /** Names the item among all of the plan. */
  readonly key: string;
  /** Of what would change, as it was shown: it has no secrets. */
  readonly digest: string;
}

/** Gathers from the events of a dry run what would be done; events must have been redacted. */
export class PlannedChanges {
  readonly #items = new Map<string, PlannedItem>();
  readonly #lost = new Set<string>();

  take(event: RunEvent): void {
    if (event.type === 'host-unreachable' || event.type === 'host-failed') this.#lost.add(event.host);
    if (event.type !== 'task-result') return;
    const { host, play, task, name, item, status, changes, dependsOn, message } = event;
    if (status === 'failed' && !event.ignored) this.#lost.add(host);
    if (status === 'ok' || status === 'skipped') return;
    const key = JSON.stringify([host, play, task, item ?? null]);
    const digest = digestOf(
      JSON.stringify([status, changes, dependsOn ?? [], status === 'failed' ? message : '']),
    );
    this.#items.set(key, { host, name: item === undefined ? name : `${name} (${item})`, key, digest });
  }

  get items(): readonly PlannedItem[] {
    return [...this.#items.values()];
  }

  /** Hosts of which not all was seen. */
  get lost(): readonly string[] {
    return [...this.#lost];
  }
}

/** What differs between a plan and what would be done now, in sentences. */
export function planDifferences(
  planned: readonly PlannedItem[],
  now: readonly PlannedItem[],
): readonly string[] {
  const before = new Map(planned.map((item) => [item.key, item]));
  const after = new Map(now.map((item) => [item.key, item]));
  const gone = planned.filter(({ key }) => !after.has(key));
  const added = now.filter(({ key }) => !before.has(key));
  const other = now.filter(({ key, digest }) => before.has(key) && before.get(key)?.digest !== digest);
  const line =
    (what: string) =>
    ({ host, name }: PlannedItem) =>
      `${host}: '${name}' ${what}`;
  return [
    ...gone.map(line('was to be changed, and need not be any more')),
    ...added.map(line('was in order, and would be changed now')),
    ...other.map(line('would be changed otherwise now')),
  ];
}

/** SHA-256 of a text, in hexadecimal. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
