import type { HostValue } from '../language/evaluate/host-memory.ts';
import type { Play } from '../language/model.ts';
import { hasHost } from '../language/play-members.ts';
import { namesSetBy } from '../planner/look-ahead.ts';
import { playScope, tasksOf } from '../planner/task-scope.ts';
import { RunError } from '../transport/connection.ts';
import { cleanUp, closePlay } from './closing.ts';
import { handlerKeys } from './handler-record.ts';
import { endHost } from './host-ending.ts';
import { HostInPlay } from './host-in-play.ts';
import { layerOf } from './layers.ts';
import type { ManagedHost } from './managed-host.ts';
import { PlayBoard } from './play-board.ts';
import { rollBack } from './play-rollback.ts';
import { PlayWalk } from './play-walk.ts';
import type { RunContext } from './run-context.ts';
import { serialRounds } from './serial-rounds.ts';
import { Halted, TaskFailure } from './task-failure.ts';

/** Runs one play on its hosts, round by round; false when the run must not go on to the next play. */
export async function runPlay(context: RunContext, play: Play): Promise<boolean> {
  const hosts = play.hosts.flatMap((name) => context.hosts.get(name) ?? []).filter(({ ended }) => !ended);
  const shown = hosts.filter(({ observed }) => !observed).map(({ name }) => name);
  context.emit({ type: 'play-start', play: play.index, name: play.name, hosts: shown });
  const limit = play.anyErrorsFatal ? 0 : play.maxFailPercentage;
  const coming = comingValues(play);
  const rounds = serialRounds(hosts, play.serial);
  const last = context.request.playbook.plays.at(-1)?.index === play.index;
  for (const round of rounds) {
    const board = new PlayBoard(
      round.map(({ name }) => name),
      limit,
      context.request.stop,
      new Set(round.filter(({ observed }) => observed).map(({ name }) => name)),
      context,
    );
    const ended = new Map<string, number>();
    const walk = async (host: ManagedHost) => {
      await runHost(new HostInPlay(context, host, play, board), coming);
      ended.set(host.name, performance.now());
      context.watch(host.name, { at: 'end' });
    };
    await Promise.all(round.map(walk));
    for (const [name, since] of ended) context.times?.note(name, 'wait', since);
    if (board.halted) return false;
    if (board.ended) return true;
    const acting = round.filter(({ observed }) => !observed);
    if (acting.length === 0 || !acting.every(({ ended }) => ended)) continue;
    // What comes next was written for hosts on which this has been done; one that is only off stops nobody.
    if (acting.some(({ ended }) => ended === 'failed')) {
      // Other parts of the run may have hosts that are left.
      if (context.request.part) return true;
      if (!last || round !== rounds.at(-1)) context.emit({ type: 'warning', message: noneLeft(play) });
      return false;
    }
    if (play.serial) return true;
  }
  return true;
}

/** Says why nothing comes after a play. */
export function noneLeft({ name }: Play): string {
  return `no host of '${name}' is left after failures: what comes after it is not run`;
}

async function runHost(stage: HostInPlay, coming: ReadonlyMap<string, HostValue>): Promise<void> {
  const { host, board, play } = stage;
  prepare(stage, coming);
  try {
    await new PlayWalk(stage).walk(play);
    closePlay(stage);
    // Others may rely on it from now on: no later run may put it back.
    if (play.allOrNothing) await cleanUp(host);
    host.done = !hasMoreBefore(stage);
    board.leave(host.name, false);
  } catch (error) {
    await endPlay(stage, error);
    const task = error instanceof TaskFailure ? error.instance.key : undefined;
    board.leave(host.name, host.ended === 'failed' && !host.observed, task);
  }
  if (host.ended || !hasMoreBefore(stage)) host.release();
}

function hasMoreBefore({ host, play, context }: HostInPlay): boolean {
  const { plays } = context.request.playbook;
  // Where hosts may join groups, any host may be in any play to come.
  return plays.some((one) => one.index > play.index && (context.growing.grows || hasHost(one, host.name)));
}

// A failure may have to be undone first; the connection may be lost in the middle of that.
async function endPlay(stage: HostInPlay, error: unknown): Promise<void> {
  const { host, context } = stage;
  try {
    if (endsInOrder(stage, error)) await rollBack(stage, !(error instanceof Halted));
  } catch (second) {
    endHost(context, host, error);
    return endHost(context, host, second);
  }
  endHost(context, host, error);
}

// Of a host that is lost, or a run that is cut off, the next run goes on.
function endsInOrder({ context }: HostInPlay, error: unknown): boolean {
  const kinds = [TaskFailure, RunError, Halted];
  return !context.request.kill.aborted && kinds.some((kind) => error instanceof kind);
}

// What the tasks of a play will set is pending until they have run.
function comingValues(play: Play): ReadonlyMap<string, HostValue> {
  const unexpanded = () => ({ kind: 'skipped', name: '', condition: '' }) as const;
  const values = new Map<string, HostValue>();
  for (const { task } of tasksOf(play.tasks, playScope(play), unexpanded)) {
    const pending = { kind: 'pending', task: task.name ?? task.resource } as const;
    for (const name of namesSetBy(task)) values.set(name, pending);
  }
  return values;
}

// What coming tasks will set is pending for other hosts; what earlier runs left undone counts as notified.
function prepare({ host, play, context }: HostInPlay, coming: ReadonlyMap<string, HostValue>): void {
  host.awaited.clear();
  host.notified.clear();
  host.handled.clear();
  host.touchedAs.clear();
  host.layers.begin(layerOf(context.request.playbook, play));
  for (const [name, value] of coming) host.awaited.set(name, value);
  for (const handler of play.handlers) {
    const keys = handlerKeys(context.request.playbook, handler);
    if (keys.some((key) => host.remembered.has(key))) host.notified.add(handler);
  }
}
