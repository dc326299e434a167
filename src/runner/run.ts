import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connectionOf } from '../language/evaluate/connection-variables.ts';
import { connect } from '../transport/connection-opening.ts';
import { cleanUp } from './closing.ts';
import { concernedHosts } from './concerned-hosts.ts';
import { thisProcess, whoRuns } from './control-process.ts';
import { eventFormat, type RunEvent } from './events.ts';
import { ForkLimit } from './fork-limit.ts';
import { GrowingPlaybook } from './growing-playbook.ts';
import { Heartbeat } from './heartbeat.ts';
import { HostSession } from './host-session.ts';
import { askHosts, openHosts } from './hosts-opening.ts';
import { begunPlay } from './joined-hosts.ts';
import type { ManagedHost } from './managed-host.ts';
import { Pace } from './pace.ts';
import { runPlay } from './play-run.ts';
import { type RunOutcome, type RunRequest, timeOver } from './request.ts';
import type { RunContext } from './run-context.ts';
import { RunMemories } from './seen-memories.ts';
import { unlessStopped } from './stopping.ts';
import { TaskReporting } from './task-reporting.ts';
import { TimeKeeping } from './time-keeping.ts';

/** Applies or plans a playbook on its hosts; reports everything through `request.report`. */
export async function run(given: RunRequest): Promise<RunOutcome> {
  const began = performance.now();
  const sessions = new Map<string, Promise<HostSession>>();
  const growing = new GrowingPlaybook(given.playbook);
  const request: RunRequest = { ...given, playbook: growing.playbook };
  const { part } = request;
  const hosts = concernedHosts(request.playbook, request.check, part?.members);
  const forks = new ForkLimit(request.forks);
  const holder = { who: whoRuns(request.playbook.file), run: newNonce(), process: thisProcess() };
  const works = request.domains.map((domain) => domain.begin());
  let changed = false;
  const emit: RunContext['emit'] = (event) => {
    if (event.type === 'task-result' && event.status === 'changed') changed = true;
    request.report(event);
  };
  const watch: RunContext['watch'] = (host, doing) => request.watch?.(host, doing);
  const sessionOf = (name: string): Promise<HostSession> => {
    const known = sessions.get(name) ?? newSession(request, name, forks, times);
    sessions.set(name, known);
    return known;
  };
  const { timings } = request;
  const times = timings && new TimeKeeping(emit, timings.since);
  const context: RunContext = {
    request,
    ...(times && { times }),
    holder,
    resources: request.resources,
    options: { contents: request.diff, observations: request.check },
    hosts,
    growing,
    memories: new RunMemories(hosts, part),
    reporting: new TaskReporting(emit),
    pace: new Pace(),
    holds: new ForkLimit(1),
    executors: new Map(works.flatMap(({ executors }) => executors.map((one) => [one.kind, one]))),
    emit,
    watch,
    sessionOf,
  };
  const shown = () => [...hosts.values()].filter(({ observed }) => !observed);
  emit({
    type: 'run-start',
    format: eventFormat,
    version: packageVersion(),
    playbook: request.playbook.file,
    check: request.check,
    hosts: shown().map(({ name }) => name),
    started: new Date().toISOString(),
  });
  if (timings) times?.note(undefined, 'load', timings.since, { until: timings.loaded });
  for (const message of request.playbook.warnings) emit({ type: 'warning', message });
  const heartbeat = request.check ? undefined : new Heartbeat(hosts, holder.run, context.pace);
  try {
    part?.restore(hosts);
    const known = await openHosts(context, [...hosts.values()]);
    const trusted = part ? await part.meet(0, known, hosts) : known;
    if (trusted) await askHosts(context, [...hosts.values()], part?.behind ?? 0);
    else if (!known)
      emit({ type: 'warning', message: 'nothing was done on any host: not every host key can be trusted' });
    for (const { index } of trusted ? request.playbook.plays : []) {
      if (request.stop.aborted) break;
      if (part && index <= part.behind) continue;
      const play = await begunPlay(context, index);
      const goesOn = await runPlay(context, play);
      if (!(part ? await part.meet(play.index, goesOn, hosts) : goesOn)) break;
    }
    await context.pace.each(hosts.values(), (host) => settled(cleanUp(host)));
  } finally {
    heartbeat?.end();
    for (const work of works) work.end();
    await context.pace.each(sessions.values(), (session) => settled(session.then((open) => open.close())));
  }
  const exitCode = exitCodeOf(request, shown());
  if (exitCode === 130 || exitCode === 124) emit(interruption(request, exitCode, shown()));
  const recaps = Object.fromEntries(shown().map((host) => [host.name, host.recap]));
  emit({ type: 'recap', hosts: recaps, duration: Math.round(performance.now() - began), exitCode });
  return { exitCode, changed };
}

// The run is over: what cannot be cleaned up or closed any more changes nothing about how it ended.
async function settled(work: Promise<void>): Promise<void> {
  await work.catch(() => undefined);
}

function exitCodeOf(request: RunRequest, hosts: readonly ManagedHost[]): RunOutcome['exitCode'] {
  const { aborted, reason } = request.stop;
  if (aborted && reason !== timeOver) return 130;
  if (aborted && unfinished(request, hosts).length > 0) return 124;
  // Nobody was addressed: that nothing failed means nothing. A part that only looks at hosts has done what it is for.
  if (hosts.length === 0 && request.playbook.plays.length > 0 && !request.part?.members.size) return 1;
  if (hosts.some(({ ended }) => ended === 'unreachable')) return 4;
  return hosts.some(({ ended }) => ended === 'failed') ? 2 : 0;
}

// Who was cut off counts as failed, which is not why it is not done.
function unfinished({ kill }: RunRequest, hosts: readonly ManagedHost[]): readonly ManagedHost[] {
  return hosts.filter(({ ended, done }) => !done && (!ended || (kill.aborted && ended === 'failed')));
}

function interruption(request: RunRequest, exitCode: number, shown: readonly ManagedHost[]): RunEvent {
  const hosts = unfinished(request, shown).map(({ name, at }) => ({
    host: name,
    ...(at !== undefined && { task: at }),
  }));
  return { type: 'interrupted', ...(exitCode === 124 && { reason: timeOver }), hosts };
}

async function newSession(
  request: RunRequest,
  name: string,
  forks: ForkLimit,
  times: TimeKeeping | undefined,
): Promise<HostSession> {
  const began = performance.now();
  const { kind, address, port, user, identityFile, becomePassword, becomeMethod } = connectionOf(
    request.playbook,
    name,
  );
  const target = { name, kind, address, port, user, identityFile };
  const password = becomePassword ?? request.become.password;
  if (password !== undefined) request.hide([password]);
  const reach = () =>
    unlessStopped(
      request.stop,
      forks.within(() => connect(target, request.connect)),
    );
  const connection = await reach();
  times?.note(name, 'connect', began);
  // A nonce of its own: what one host is sent must not help it to forge the results of another.
  return new HostSession(connection, {
    nonce: newNonce(),
    forks,
    reconnect: reach,
    password,
    method: becomeMethod,
    kill: request.kill,
    stop: request.stop,
    ...(request.watch && { watch: (doing) => request.watch?.(name, doing) }),
    ...(times && { time: (since, sections) => times.note(name, 'trip', since, { sections }) }),
  });
}

function newNonce(): string {
  return `provision-${randomBytes(12).toString('hex')}`;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
