import { connectionOf } from '../language/evaluate/connection-variables.ts';
import { Evaluator } from '../language/evaluate/evaluator.ts';
import { FileCache } from '../language/evaluate/file-cache.ts';
import type { Playbook } from '../language/model.ts';
import { hasHost } from '../language/play-members.ts';
import { UnreachableError } from '../transport/connection.ts';
import { endHost } from './host-ending.ts';
import { HostInPlay } from './host-in-play.ts';
import type { HostSession } from './host-session.ts';
import type { ManagedHost } from './managed-host.ts';
import { HostLocked, openHost } from './opening.ts';
import { PlayBoard } from './play-board.ts';
import type { RunContext } from './run-context.ts';
import { soManyAtOnce } from './so-many-at-once.ts';
import { unlessStopped } from './stopping.ts';

// Milliseconds between two attempts at a host that another run has.
const lockedAgain = 1000;

const keyCodes: readonly string[] = ['unknown-host-key', 'changed-host-key', 'revoked-host-key'];

/** Connects to hosts and opens them; false when a host key is not trusted: then nothing else may be done anywhere. */
export async function openHosts(context: RunContext, hosts: readonly ManagedHost[]): Promise<boolean> {
  const { request } = context;
  const files = new FileCache(request.playbook.vault);
  let trusted = true;
  const open = async (host: ManagedHost) => {
    await context.pace.step();
    if (request.stop.aborted || host.ended || host.done) return;
    host.touch();
    for (const message of connectionOf(request.playbook, host.name).warnings) {
      context.emit({ type: 'warning', message, host: host.name });
    }
    const evaluator = new Evaluator(request.playbook, context.memories.seenBy(host.name), context.resources, {
      check: request.check || host.observed,
      becomeDefault: request.become,
      files,
    });
    host.evaluator = evaluator;
    host.stateOwner = stateOwnerOf(request.playbook, evaluator, host.name);
    try {
      host.session = await context.sessionOf(host.name);
      await openInTime(context, host, host.session);
      host.opened = true;
      host.touch();
      const { duration } = host.recap;
      if (!host.observed) context.emit({ type: 'host-connected', host: host.name, duration });
    } catch (error) {
      if (error instanceof UnreachableError && keyCodes.includes(error.code)) trusted = false;
      endHost(context, host, error);
    }
  };
  await soManyAtOnce(request.forks, hosts, open);
  return trusted;
}

/**
 * Asks hosts all that can be asked now, side by side: also those whose first change is due in a late play.
 * @param behind number of the last play that is behind them
 */
export async function askHosts(
  context: RunContext,
  hosts: readonly ManagedHost[],
  behind: number,
): Promise<void> {
  const { playbook, stop, forks } = context.request;
  const coming = playbook.plays.filter(({ index }) => index > behind);
  const ask = async (host: ManagedHost) => {
    await context.pace.step();
    const play = coming.find((one) => hasHost(one, host.name));
    if (host.ended || host.done || stop.aborted || !play) return;
    try {
      await new HostInPlay(context, host, play, new PlayBoard([host.name], undefined, stop)).lookAhead();
    } catch (error) {
      endHost(context, host, error);
    }
    context.watch(host.name, { at: 'end' });
  };
  await soManyAtOnce(forks, hosts, ask);
}

// An earlier attempt at this part of a run may not have noticed yet that it is over.
async function openInTime(context: RunContext, host: ManagedHost, session: HostSession): Promise<void> {
  const { part, stop } = context.request;
  const end = performance.now() + (part?.patience ?? 0);
  for (;;) {
    try {
      return await openHost(context, host, session);
    } catch (error) {
      if (!(error instanceof HostLocked) || performance.now() >= end || stop.aborted) throw error;
      await unlessStopped(stop, new Promise<void>((resolve) => setTimeout(resolve, lockedAgain)));
    }
  }
}

// The user that keeps the host's state: the first one that a play on this host becomes.
function stateOwnerOf({ plays }: Playbook, evaluator: Evaluator, host: string): string | undefined {
  const own = plays.filter((play) => hasHost(play, host));
  return own.map((play) => evaluator.playUser(host, play)).find((user) => user !== undefined);
}
