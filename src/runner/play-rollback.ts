import type { Task } from '../language/model.ts';
import { closePlay } from './closing.ts';
import { handlerInstance } from './coming-questions.ts';
import type { HostApplies, HostAsks, HostEmits, HostPlace } from './host-ports.ts';
import { runHostTask } from './host-task.ts';
import { restoreScript } from './rollback.ts';
import { statePrelude } from './state-directories.ts';
import { TaskFailure } from './task-failure.ts';

/** A rollback is finished whatever else ends the play. */
type Stage = HostPlace & HostAsks & HostApplies & HostEmits & { undoing: boolean };

/**
 * After a handler, or a check behind one, has failed: puts the play's files back and runs its handlers on them.
 * Where no handler has run nothing is put back: the services still run on what they had, and a re-run goes on from there.
 */
export async function rollBack(stage: Stage): Promise<void> {
  const { host, play, context } = stage;
  host.queue = [];
  if (context.request.check || host.observed || host.handled.size === 0 || !host.session) return;
  const sections = [...host.touchedAs].map((become, n) => {
    return { id: `restore.${n}`, script: restoreScript(play.index), stopOnFailure: true, become };
  });
  const outputs = await host.session.run(sections, { prelude: statePrelude });
  const results = [...outputs.values()];
  const files = results.flatMap(({ stdout }) => stdout.toString('utf8').split('\n').filter(Boolean));
  const trouble = results
    .filter(({ code }) => code !== 0)
    .map(({ stderr }) => stderr.toString('utf8').trim());
  if (files.length === 0 && trouble.length === 0) return;
  host.answers.forget(undefined);
  stage.undoing = true;
  for (const handler of host.handled) trouble.push(...(await runAgain(stage, handler)));
  // Those that did not come to run are owed still: a command may have notified them, and that is not put back.
  if (trouble.length === 0) closePlay(stage, host.handled);
  const message =
    trouble.length === 0
      ? 'the files of this play were put back and its handlers ran on them'
      : `the files of this play were put back, but then: ${trouble.join('; ')}`;
  context.emit({ type: 'rolled-back', host: host.name, files, message });
}

async function runAgain(stage: Stage, handler: Task): Promise<readonly string[]> {
  const instance = handlerInstance(handler, stage.play, stage.host);
  const evaluation = await stage.evaluated(instance);
  const resource = stage.context.resources.get(handler.resource);
  if (evaluation.kind !== 'ready' || resource?.kind !== 'host') return [];
  try {
    const { name } = evaluation;
    await runHostTask(stage, { instance, name, ready: evaluation, resource, began: performance.now() });
    await stage.advance();
    return [];
  } catch (error) {
    if (error instanceof TaskFailure) return [`${evaluation.name}: ${error.message}`];
    throw error;
  }
}
