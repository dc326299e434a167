import type { TaskInstance } from '../planner/instance.ts';
import { namesSetBy } from '../planner/look-ahead.ts';
import type { HostApplies, HostEmits, HostPlace } from './host-ports.ts';
import { failedOutcome, soleResult } from './outcome.ts';
import { topics } from './play-board.ts';

/** True when another host of the play runs a run_once task; takes over what it set, or its failure. */
export async function leftToAnother(
  stage: HostPlace & HostApplies & HostEmits,
  instance: TaskInstance,
): Promise<boolean> {
  const { board, host } = stage;
  await stage.advance();
  const decided = () => board.once.has(instance.key) || board.first === host.name;
  await board.wait(host.name, decided, topics.once);
  const result = board.once.get(instance.key);
  if (!result) return false;
  if ('failed' in result) {
    const outcome = failedOutcome(result.failed);
    const name = instance.task.name ?? instance.task.resource;
    const turn = { instance, name, ready: undefined, began: performance.now() };
    await stage.finish(turn, [soleResult(outcome)]);
  } else for (const [name, value] of result.values) stage.host.put(name, value);
  return true;
}

/** Leaves what a run_once task set to the other hosts. */
export async function shareOnce(stage: HostPlace & HostApplies, instance: TaskInstance): Promise<void> {
  await stage.advance();
  const known = namesSetBy(instance.task).flatMap((name) => {
    const value = stage.host.memory.values.get(name);
    return value ? [[name, value] as const] : [];
  });
  stage.board.once.set(instance.key, { values: new Map(known) });
  stage.board.poke(topics.once);
}

/** Lets a run_once task fail for all hosts: it is not tried again on the next one. */
export function shareFailure({ board, host }: HostPlace, instance: TaskInstance): void {
  if (board.once.has(instance.key)) return;
  board.once.set(instance.key, { failed: `failed on ${host.name}, which ran it for all hosts` });
  board.poke(topics.once);
}
