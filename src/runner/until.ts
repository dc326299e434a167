import { setTimeout as sleep } from 'node:timers/promises';
import type { HostAsks, HostPlace } from './host-ports.ts';
import type { ItemResult, Outcome } from './outcome.ts';
import { resultVariables, settle } from './settlement.ts';
import { Halted } from './task-failure.ts';
import type { Turn } from './turn.ts';

/**
 * Tries the items of a task again, `retries` times at the most, until its `until` holds for each of them.
 * @param again tries the items with these indexes once more; what it gives for others is not looked at
 */
export async function untilMet(
  stage: HostPlace & HostAsks,
  turn: Turn,
  first: readonly ItemResult[],
  again: (unmet: ReadonlySet<number>) => Promise<readonly ItemResult[]>,
): Promise<readonly ItemResult[]> {
  const { task } = turn.instance;
  const { retries, delay } = turn.ready.tries;
  let results = first;
  for (let tries = 1; ; tries++) {
    const unmet = unmetItems(stage, turn, results);
    results = results.map(({ outcome, ...rest }) => ({
      ...rest,
      outcome: { ...outcome, result: { ...outcome.result, attempts: tries } },
    }));
    if (unmet.size === 0) return results;
    if (tries > retries) {
      const conditions = task.until?.map(({ value }) => value).join(' and ');
      const tired = `until did not hold after ${tries} tries: ${conditions}`;
      return results.map((result, index) =>
        unmet.has(index) ? { ...result, outcome: tiredOutcome(result.outcome, tired, retries) } : result,
      );
    }
    const { stop } = stage.context.request;
    const { name } = stage.host;
    stage.context.watch(name, { at: 'wait', kind: 'retry', until: `try ${tries + 1} of ${retries + 1}` });
    await sleep(delay * 1000, undefined, { signal: stop }).catch(() => {
      throw new Halted();
    });
    stage.context.watch(name, { at: 'wait', kind: 'retry' });
    const next = await again(unmet);
    results = results.map((result, index) => (unmet.has(index) ? (next[index] ?? result) : result));
  }
}

// What the last try gave stays readable for rescue and register; Ansible does not count the first one here.
function tiredOutcome(outcome: Outcome, message: string, attempts: number): Outcome {
  const result = { msg: message, ...outcome.result, failed: true, attempts };
  return { ...outcome, status: 'failed', changes: [], message, result };
}

function unmetItems(
  stage: HostAsks,
  { instance, ready }: Turn,
  results: readonly ItemResult[],
): ReadonlySet<number> {
  const { task } = instance;
  const unmet = results.flatMap(({ outcome, item }, index) => {
    if (outcome.status === 'skipped' || outcome.overdue) return [];
    const settled = settle(outcome, instance, item, ready, stage.judge, false);
    const added = resultVariables(task, settled, item, ready.looped);
    const verdict = stage.judge(task.until ?? [], instance, added);
    return verdict.kind === 'value' && verdict.holds ? [] : index;
  });
  return new Set(unmet);
}
