import type { TaskResult } from '../runner/events.ts';
import { byName } from './host-list.ts';

/** Hosts whose results of one task (or of one item of it) say the same; shown once. */
export interface ResultGroup {
  readonly hosts: readonly string[];
  readonly result: TaskResult;
}

/** Results that are alike in what `shown` picks from them, together; item by item, then in numeric order of the hosts. */
export function groupResults(
  results: Iterable<TaskResult>,
  shown: (result: TaskResult) => unknown,
): readonly ResultGroup[] {
  const items = new Map<string, Map<string, { readonly hosts: Set<string>; readonly result: TaskResult }>>();
  for (const result of [...results].sort((one, other) => byName(one.host, other.host))) {
    const item = JSON.stringify(result.item ?? null);
    const groups = items.get(item) ?? new Map();
    items.set(item, groups);
    const key = JSON.stringify(shown(result));
    const group = groups.get(key);
    if (group) group.hosts.add(result.host);
    else groups.set(key, { hosts: new Set([result.host]), result });
  }
  return [...items.values()].flatMap((groups) =>
    [...groups.values()].map(({ hosts, result }) => ({ hosts: [...hosts], result })),
  );
}
