import type { ResultRecord } from './run-record.ts';

/** A result, and all hosts on which it came out just so. */
export interface AlikeResults {
  readonly result: ResultRecord;
  readonly hosts: readonly string[];
}

/** Results of the same item that changed the same on several hosts, taken together, in their order. */
export function alikeResults(results: readonly ResultRecord[]): readonly AlikeResults[] {
  const groups = Map.groupBy(results, ({ play, task, name, item, changes }) =>
    JSON.stringify([play, task, name, item, changes]),
  );
  return [...groups.values()].map((same) => ({
    // A group has a member.
    result: same[0] as ResultRecord,
    hosts: same.map(({ host }) => host),
  }));
}
