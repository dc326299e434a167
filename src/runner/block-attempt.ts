import type { Block } from '../language/model.ts';
import { RunError } from '../transport/connection.ts';
import type { HostApplies, HostAsks, HostEmits, HostPlace } from './host-ports.ts';
import { layerOf } from './layers.ts';
import { rollBackBlock } from './play-rollback.ts';
import { statePrelude } from './state-directories.ts';
import { Halted, TaskFailure } from './task-failure.ts';

/** Does the tasks of a block with `rollback: always`: if one fails, or the run is stopped in it, what it changed is put back. */
export async function attemptBlock(
  stage: HostPlace & HostAsks & HostApplies & HostEmits,
  block: Block,
  work: () => Promise<void>,
): Promise<void> {
  const { host, play, context } = stage;
  // Nothing is kept of what is only planned.
  if (context.request.check || host.observed) return await work();
  await stage.advance();
  const { layers } = host;
  const outer = layers.current;
  const layer = layerOf(context.request.playbook, play, block);
  const before = new Set(host.handled);
  layers.enter(layer);
  try {
    await work();
    await stage.advance();
  } catch (error) {
    const inOrder = [TaskFailure, RunError, Halted].some((kind) => error instanceof kind);
    if (inOrder && !context.request.kill.aborted) await rollBackBlock(stage, layer, before);
    throw error;
  }
  const used = layers.usedFrom(layer) || host.kept.has(layer.name);
  const [from, to] = layers.join(layer, outer ?? layer);
  host.kept.delete(from);
  if (!used) return;
  // Others may rely on it from now on: no later run may put it back for the block's sake.
  const script = `[ ! -d "$provision_state/rollback/${from}" ] || mv -T -- "$provision_state/rollback/${from}" "$provision_state/rollback/${to}"`;
  const users = new Set([...host.touchedAs, host.stateOwner]);
  const sections = [...users].map((become, n) => ({ id: `join.${n}`, script, stopOnFailure: false, become }));
  await stage.session.run(sections, { prelude: statePrelude });
}
