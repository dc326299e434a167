import type { Task } from '../language/model.ts';
import { closePlay } from './closing.ts';
import { handlerInstance } from './coming-questions.ts';
import { handlerKeys } from './handler-record.ts';
import type { HostApplies, HostAsks, HostEmits, HostPlace } from './host-ports.ts';
import { runHostTask } from './host-task.ts';
import { type Layer, layerName } from './layers.ts';
import { restoreScript } from './rollback.ts';
import { statePrelude } from './state-directories.ts';
import { TaskFailure } from './task-failure.ts';

type Stage = HostPlace & HostAsks & HostApplies & HostEmits;

/** What is put back, and the handlers that then run again on it. */
interface PutBack {
  /** The last first. */
  readonly layers: readonly Layer[];
  readonly handlers: readonly Task[];
  /** As messages call it. */
  readonly what: 'play' | 'block';
}

/**
 * After a handler, or a check behind one, has failed: puts the play's files back and runs its handlers on them. Where no handler
 * has run nothing is put back: the services still run on what they had, and a re-run goes on from there. A play that is all or
 * nothing (`rollback: always`) is put back whatever ended it.
 * @param failed the host itself has failed; else the run is stopped, or another host has ended the play
 */
export async function rollBack(stage: Stage, failed: boolean): Promise<void> {
  const { host, play } = stage;
  const { kept, layers } = host;
  host.queue = [];
  if (!play.allOrNothing && (host.handled.size === 0 || !failed)) return;
  const handlers = play.handlers.filter((handler) => host.handled.has(handler) || owedSince(stage, handler));
  const undone = await putBack(stage, { layers: layers.reversed, handlers, what: 'play' });
  // Those that did not come to run are owed still: a command may have notified them, and that is not put back.
  if (undone) closePlay(stage, handlers);
  for (const { name } of layers.reversed) kept.delete(name);
}

/** Puts back what a block has changed that is all or nothing; its handlers run again on it. */
export async function rollBackBlock(stage: Stage, layer: Layer, before: ReadonlySet<Task>): Promise<void> {
  const { host, play } = stage;
  host.queue = [];
  const outer = host.layers.reversed[host.layers.reversed.indexOf(layer) + 1] ?? layer;
  const layers = host.layers.takeFrom(layer, outer);
  const own = (handler: Task) => host.handled.has(handler) && !before.has(handler);
  const handlers = play.handlers.filter((handler) => own(handler) || owedSince(stage, handler));
  await putBack(stage, { layers, handlers, what: 'block' });
}

// The run that was killed in this play may have run it: until the play has ended nobody knows.
function owedSince({ context, host, play }: Stage, handler: Task): boolean {
  const resumed = host.kept.size > 0;
  return (
    resumed &&
    play.handlers.includes(handler) &&
    handlerKeys(context.request.playbook, handler).some((key) => host.remembered.has(key))
  );
}

async function putBack(stage: Stage, { layers, handlers, what }: PutBack): Promise<boolean> {
  const { host, context } = stage;
  if (context.request.check || host.observed || !host.session) return false;
  const names = [...keptOf(stage, layers), ...layers.map(({ name }) => name)];
  const users = new Set([...host.touchedAs, ...(host.kept.size > 0 ? [host.stateOwner] : [])]);
  const sections = [...users].flatMap((become, user) =>
    names.map((name, n) => {
      return { id: `restore.${user}.${n}`, script: restoreScript(name), stopOnFailure: false, become };
    }),
  );
  if (sections.length === 0) return true;
  const outputs = await host.session.run(sections, { prelude: statePrelude });
  for (const name of names) host.kept.delete(name);
  const results = [...outputs.values()];
  const files = results.flatMap(({ stdout }) => stdout.toString('utf8').split('\n').filter(Boolean));
  const trouble = results
    .filter(({ code }) => code !== 0)
    .map(({ stderr }) => stderr.toString('utf8').trim());
  if (files.length === 0 && trouble.length === 0) return false;
  host.answers.forget(undefined);
  stage.undoing = true;
  for (const handler of handlers) trouble.push(...(await runAgain(stage, handler)));
  stage.undoing = false;
  const ran = handlers.length > 0 ? ' and its handlers ran on them' : '';
  const message =
    trouble.length === 0
      ? `the files of this ${what} were put back${ran}`
      : `the files of this ${what} were put back, but then: ${trouble.join('; ')}`;
  context.emit({ type: 'rolled-back', host: host.name, files: [...new Set(files)], message });
  return trouble.length === 0;
}

// Parts that a killed run had begun, and this one has not come to; the last first.
function keptOf({ host }: Stage, layers: readonly Layer[]): readonly string[] {
  const begun = new Set(layers.map(({ name }) => name));
  const own = new Set(layers.map(({ name }) => layerName(name)));
  const part = (name: string) => Number(name.split('.')[1] ?? 0);
  return [...host.kept]
    .filter((name) => own.has(layerName(name)) && !begun.has(name))
    .sort((one, other) => part(other) - part(one));
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
