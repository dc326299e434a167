import { symlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProvisionError } from '../errors/problem.ts';
import { formatProblems } from '../errors/problem-text.ts';
import type { Playbook } from '../language/model.ts';
import { loadPlaybook } from '../language/playbook-loader.ts';
import { mapStrings } from '../report/map-strings.ts';
import { Redactor } from '../report/redaction.ts';
import type { Domain, DomainFilter } from '../resources/domain.ts';
import type { AnyResource } from '../resources/resource.ts';
import type { RunEvent } from '../runner/events.ts';
import { run } from '../runner/run.ts';
import { type BundledFile, unpack, wordsIn } from './bundle.ts';
import type { FleetDatabase } from './database.ts';
import type { ShardJob } from './engine.ts';
import { EventLog } from './event-log.ts';
import { nothing } from './event-merge.ts';
import { FleetError } from './fleet-error.ts';
import type { HandedRun } from './handed-run.ts';
import type { FleetKey, Seal } from './sealing.ts';
import { ShardClaim } from './shard-claim.ts';
import { type Checkpoint, ShardPart } from './shard-part.ts';

/** What a worker brings to each of its shards. */
export interface WorkerSetting {
  readonly name: string;
  readonly version: string;
  readonly key: FleetKey;
  readonly database: FleetDatabase;
  /** The folder that stands for `.provision` of a playbook: private CAs are there, and nowhere else. */
  readonly keeps: string | undefined;
  readonly sshConfig: string | undefined;
  readonly domains: readonly Domain[];
  readonly resources: ReadonlyMap<string, AnyResource>;
  readonly filters: ReadonlyMap<string, DomainFilter>;
  say(line: string): void;
}

// Milliseconds between two looks whether the shard is still ours, and without the database until it is let go.
const look = 3000;
const alone = 90_000;
// Milliseconds that steps in flight have when the run is to stop.
const lastSteps = 10_000;

/** Does one shard of a run, or goes on with it; resolves when it has ended, rejects when somebody else must go on. */
export async function runShard(setting: WorkerSetting, job: ShardJob, lost: AbortSignal): Promise<void> {
  const { database, name, say } = setting;
  const claim = await ShardClaim.begin(database, job, name);
  if (!claim) return;
  const [row] = await database.rows('select key, request, version from provision_fleet.runs where id = $1', [
    job.run,
  ]);
  if (!row) return;
  const seal = await setting.key.ofRun(job.run, row.key as Buffer);
  const handed = seal.openValue(row.request as Buffer, `run ${job.run}`) as HandedRun;
  const log = new EventLog(claim, seal);
  const folder = await mkdtemp(join(tmpdir(), 'provision-fleet-'));
  say(
    `run ${job.run}, shard ${job.shard}: ${handed.playbook}${claim.attempt > 1 ? `, taken over after play ${claim.play}` : ''}`,
  );
  try {
    if (row.version !== setting.version)
      throw new FleetError(
        `the run was handed over by provision ${String(row.version)}; worker ${name} is ${setting.version}`,
      );
    const exitCode = await doShard(setting, { claim, seal, handed, log, folder, lost });
    if (exitCode === undefined) throw new FleetError(`run ${job.run}, shard ${job.shard} is let go of`);
    await log.flush();
    await claim.end(exitCode);
  } catch (error) {
    if (claim.forsaken || lost.aborted || !(await claim.look())?.held) throw error;
    await failed(log, claim, handed, `worker ${name}: ${wordsOf(error)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
    say(`run ${job.run}, shard ${job.shard}: ended`);
  }
}

interface Work {
  readonly claim: ShardClaim;
  readonly seal: Seal;
  readonly handed: HandedRun;
  readonly log: EventLog;
  readonly folder: string;
  readonly lost: AbortSignal;
}

// Undefined when the shard is not ours any more.
async function doShard(setting: WorkerSetting, work: Work): Promise<number | undefined> {
  const { claim, seal, handed, log, folder, lost } = work;
  const redactor = new Redactor();
  const hidden = new Set<string>();
  const hide = (secrets: readonly string[]): void => {
    for (const secret of secrets) {
      hidden.add(secret);
      redactor.add(secret);
    }
  };
  const checkpoint =
    claim.checkpoint && (seal.openValue(claim.checkpoint, claim.place('checkpoint')) as Checkpoint);
  hide([...(checkpoint?.hidden ?? []), ...handed.vaultPasswords.map(({ password }) => password)]);
  if (handed.become.password !== undefined) hide([handed.become.password]);
  const contents = await fetchFiles(setting, handed.files);
  await unpack(folder, handed.files, contents);
  await keepsThere(setting.keeps, join(folder, handed.directory));
  const loaded = await load(setting, handed, folder, (secret) => hide([secret]));
  const own = new Set(handed.shards[claim.shard]);
  const limited = new Set([...loaded.limited].filter((host) => own.has(host)));
  const playbook: Playbook = { ...loaded, file: handed.name, limited };
  const watch = new ShardWatch(claim, setting.database, lost);
  const emit = (event: RunEvent): void => {
    const shown = redactor.event(event);
    log.add(mapStrings(shown, (text) => text.replaceAll(folder, '')) as RunEvent);
  };
  const part = new ShardPart(
    {
      ...{ database: setting.database, claim, seal, handed, plays: playbook.plays, stop: watch.stop, emit },
      mentioned: handed.readsOthers
        ? wordsIn([...contents.values(), Buffer.from(handed.extraVars.join('\n'))])
        : new Set(),
      flush: () => log.flush(),
      hidden: () => [...hidden],
    },
    checkpoint,
  );
  try {
    const outcome = await run({
      ...{ playbook, part, hide, report: emit, stop: watch.stop, kill: watch.kill },
      ...{ check: handed.check, survey: handed.survey, diff: handed.diff, forks: handed.forks },
      ...{ tags: handed.tags, skipTags: handed.skipTags, become: handed.become },
      connect: {
        connectTimeout: handed.connectTimeout,
        shellTimeout: handed.shellTimeout,
        ...(setting.sshConfig !== undefined && { sshConfigFile: setting.sshConfig }),
      },
      resources: setting.resources,
      domains: setting.domains,
    });
    return watch.gone ? undefined : outcome.exitCode;
  } finally {
    watch.end();
  }
}

async function load(
  setting: WorkerSetting,
  handed: HandedRun,
  folder: string,
  hide: (secret: string) => void,
): Promise<Playbook> {
  return await loadPlaybook(join(folder, handed.playbook), {
    inventories: handed.inventories.map((one) => (one.includes(',') ? one : join(folder, one))),
    extraVars: handed.extraVars.map((one) => (one.startsWith('@') ? `@${join(folder, one.slice(1))}` : one)),
    rolesPath: handed.roleFolders.map((one) => join(folder, one)),
    startAtTask: handed.startAtTask,
    login: handed.login,
    ...{ forks: handed.forks, diff: handed.diff, verbose: handed.verbose, limit: handed.limit },
    ...{ tags: handed.tags, skipTags: handed.skipTags, vaultPasswords: handed.vaultPasswords, hide },
    ...{ resources: setting.resources, filters: setting.filters },
  });
}

async function fetchFiles(
  { database, key }: WorkerSetting,
  files: readonly BundledFile[],
): Promise<ReadonlyMap<string, Buffer>> {
  const ids = [...new Set(files.map(({ id }) => id))];
  const rows = await database.rows('select id, body from provision_fleet.files where id = any($1)', [ids]);
  return new Map(
    rows.map(({ id, body }) => [String(id), key.files.open(body as Buffer, `file ${String(id)}`)]),
  );
}

async function keepsThere(keeps: string | undefined, directory: string): Promise<void> {
  if (keeps === undefined) return;
  await mkdir(keeps, { recursive: true, mode: 0o700 });
  symlinkSync(keeps, join(directory, '.provision'));
}

async function failed(log: EventLog, claim: ShardClaim, handed: HandedRun, message: string): Promise<void> {
  const hosts = handed.shards[claim.shard]?.filter((host) => handed.hosts.includes(host)) ?? [];
  for (const host of hosts) log.add({ type: 'host-failed', host, message });
  const recaps = Object.fromEntries(hosts.map((host) => [host, { ...nothing, failed: 1 }]));
  log.add({ type: 'recap', hosts: recaps, duration: 0, exitCode: 2 });
  await log.flush();
  await claim.end(2);
}

function wordsOf(error: unknown): string {
  if (error instanceof ProvisionError)
    return formatProblems(error.problems, error.sources, { colour: false, width: 100 });
  return error instanceof Error ? error.message : String(error);
}

/** Looks whether a shard is still this worker's, and whether its run is to stop. */
class ShardWatch {
  readonly #stop = new AbortController();
  readonly #kill = new AbortController();
  readonly #claim: ShardClaim;
  readonly #database: FleetDatabase;
  #heard = performance.now();
  #over = false;
  /** Somebody else has the shard, or may have it. */
  gone = false;

  constructor(claim: ShardClaim, database: FleetDatabase, lost: AbortSignal) {
    this.#claim = claim;
    this.#database = database;
    lost.addEventListener('abort', () => this.#letGo(), { once: true });
    if (lost.aborted) this.#letGo();
    void this.#watch();
  }

  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  get kill(): AbortSignal {
    return this.#kill.signal;
  }

  end(): void {
    this.#over = true;
  }

  #letGo(): void {
    this.gone = true;
    this.#claim.forsake();
    this.#stop.abort();
    this.#kill.abort();
  }

  async #watch(): Promise<void> {
    while (!this.#over && !this.gone) {
      const found = await this.#claim.look();
      if (this.#over) return;
      if (found?.held === false) return this.#letGo();
      if (found) this.#heard = performance.now();
      else if (performance.now() - this.#heard > alone) return this.#letGo();
      if (found?.stop && !this.#stop.signal.aborted) {
        this.#stop.abort();
        setTimeout(() => this.#kill.abort(), lastSteps).unref();
      }
      await this.#database.news(this.#claim.run, look);
    }
  }
}
