import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { resolve, sep } from 'node:path';
import type { Playbook } from '../language/model.ts';
import type { RunRequest } from '../runner/request.ts';
import { Bundle, roleFolders } from './bundle.ts';
import type { FleetDatabase } from './database.ts';
import { Engine, type ShardJob } from './engine.ts';
import { FleetError } from './fleet-error.ts';
import type { HandedRun } from './handed-run.ts';
import type { FleetKey } from './sealing.ts';
import { type Cutting, cutIntoShards, type Shard } from './shards.ts';

/** What is handed over beside the request: what was given to load the playbook. */
export interface Loaded {
  readonly extraVars: readonly string[];
  readonly startAtTask: string | undefined;
  readonly vaultPasswords: HandedRun['vaultPasswords'];
  readonly login: HandedRun['login'];
  readonly verbose: boolean;
  readonly version: string;
  /** Folders that come with provision, on the workers too. */
  readonly shipped: readonly string[];
}

/** The fleet as a machine sees that hands runs over. */
export interface Fleet {
  readonly url: string;
  readonly database: FleetDatabase;
  readonly key: FleetKey;
}

// Days that runs are kept.
const kept = 30;

/** Hands a run over to the workers; gives its id. Throws FleetError when they cannot do it. */
export async function handOver(fleet: Fleet, request: RunRequest, loaded: Loaded): Promise<string> {
  const { database, key, url } = fleet;
  await database.check();
  const { playbook } = request;
  if (playbook.growth)
    throw new FleetError(
      'hosts join while this playbook runs (add_host, group_by), and who does which hosts is decided beforehand',
      'run it without --fleet',
    );
  const shards = await cut(database, request, loaded.version);
  // A playbook that came with provision is found where it lies, with all that is beside it.
  const own = loaded.shipped.some((folder) => resolve(playbook.file).startsWith(folder + sep));
  const bundle = Bundle.of(playbook, {
    shipped: own ? [] : loaded.shipped,
    more: loaded.extraVars.flatMap((one) => (one.startsWith('@') ? [one.slice(1)] : [])),
    key,
  });
  const run = randomUUID();
  const { seal, stored } = await key.newRun(run);
  const hosts = actingHosts(playbook);
  const handed = handedRun(request, loaded, bundle, shards);
  await database.together(async (execute) => {
    const ids = [...bundle.contents.keys()];
    const there = await execute('select id from provision_fleet.files where id = any($1)', [ids]);
    const known = new Set(there.map(({ id }) => id));
    for (const [id, content] of bundle.contents) {
      if (known.has(id)) continue;
      await execute('insert into provision_fleet.files values ($1, $2) on conflict do nothing', [
        id,
        key.files.close(content, `file ${id}`),
      ]);
    }
    await execute(
      `insert into provision_fleet.runs (id, playbook, who, version, checks, key, request, files, shards, hosts)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ...[
          run,
          resolve(playbook.file),
          `${userInfo().username}@${hostname()}`,
          loaded.version,
          request.check,
          stored,
        ],
        ...[seal.closeValue(handed, `run ${run}`), ids, shards.length, hosts.length],
      ],
    );
    for (const [shard, { site, hosts: own }] of shards.entries())
      await execute('insert into provision_fleet.shards (run, shard, site, hosts) values ($1, $2, $3, $4)', [
        ...[run, shard, site ?? null, own.length],
      ]);
    await execute(`delete from provision_fleet.runs where started < now() - make_interval(days => $1)`, [
      kept,
    ]);
    await execute(
      'delete from provision_fleet.files where not exists (select 1 from provision_fleet.runs where files.id = any(runs.files))',
      [],
    );
  });
  await send(url, run, shards);
  return run;
}

async function send(url: string, run: string, shards: readonly Shard[]): Promise<void> {
  const engine = await Engine.open(url, () => undefined, false);
  try {
    const bySite = new Map<string | undefined, ShardJob[]>();
    for (const [shard, { site }] of shards.entries())
      bySite.set(site, [...(bySite.get(site) ?? []), { run, shard }]);
    for (const [site, jobs] of bySite) await engine.send(site, jobs);
  } finally {
    await engine.close();
  }
}

async function cut(
  database: FleetDatabase,
  { playbook, resources }: RunRequest,
  version: string,
): Promise<readonly Shard[]> {
  const rows = await database.rows(
    `select site, version from provision_fleet.workers where seen > now() - interval '20 seconds'`,
  );
  const able = rows.filter((row) => row.version === version);
  const workers = able.map((row) => String(row.site).split('+'));
  const cutting: Cutting = {
    exchanges: new Set([...resources].filter(([, { kind }]) => kind === 'exchange').map(([name]) => name)),
    siteOf: siteOf(playbook),
    workersAt: (site) =>
      workers.filter((own) => site === undefined || own.includes(site) || own.join('+') === site).length,
    // Those with the fewest other sites: they are the nearest.
    workersOf: (sites) =>
      workers
        .filter((own) => sites.every((site) => own.includes(site)))
        .sort((a, b) => a.length - b.length)[0]
        ?.join('+'),
  };
  const { shards, torn } = cutIntoShards(playbook, cutting);
  if (torn.length > 0) {
    const [{ hosts, sites, play, why }] = torn as [(typeof torn)[number]];
    throw new FleetError(
      `${hosts.join(' and ')} act together in play '${play}' (${why}), and their sites ${sites.join(' and ')} have no worker in common`,
      `start one that reaches the hosts of all these sites: provision worker ${sites.map((site) => `--site ${site}`).join(' ')}`,
    );
  }
  const absent = (site: string | undefined): boolean => cutting.workersAt(site) === 0;
  const acting = shards.filter(
    ({ hosts }) => hosts.length === 0 || hosts.some((host) => playbook.limited.has(host)),
  );
  const missing = [...new Set(acting.map(({ site }) => site))].filter(absent);
  // Hosts that are only looked at and that nobody reaches: as in a local run, nothing is known of them.
  if (missing.length === 0) return shards.filter((shard) => acting.includes(shard) || !absent(shard.site));
  const others = [...new Set(rows.map((row) => String(row.version)).filter((one) => one !== version))];
  const old =
    others.length > 0 ? `; there are workers of provision ${others.join(', ')}, and this is ${version}` : '';
  const names = missing.map((site) => (site === undefined ? 'any site' : `site ${site}`)).join(', ');
  throw new FleetError(
    `no worker is there for ${names}${old}`,
    `start one: provision worker --site ${missing[0] ?? 'NAME'}`,
  );
}

/** Hosts on which something is done, in the order of the run. */
function actingHosts({ plays, limited }: Playbook): readonly string[] {
  return [...new Set(plays.flatMap(({ hosts }) => hosts))].filter((host) => limited.has(host));
}

/** The site of each host: its variable provision_site. */
function siteOf(playbook: Playbook): (host: string) => string | undefined {
  return (name) => {
    const layers = playbook.inventory.hosts.get(name)?.layers ?? [];
    const given = playbook.extraVars.variables.get('provision_site')?.value;
    const own = layers.reduce<unknown>(
      (found, { variables }) => variables.get('provision_site')?.value ?? found,
      undefined,
    );
    const written = given ?? own;
    return typeof written === 'string' && written !== '' ? written : undefined;
  };
}

function handedRun(request: RunRequest, loaded: Loaded, bundle: Bundle, shards: readonly Shard[]): HandedRun {
  const { playbook, connect, become } = request;
  return {
    name: playbook.file,
    playbook: resolve(playbook.file),
    directory: resolve(playbook.directory),
    inventories: playbook.words.inventories,
    roleFolders: roleFolders(playbook),
    extraVars: loaded.extraVars,
    ...{ tags: request.tags, skipTags: request.skipTags, limit: playbook.words.limit },
    ...{ startAtTask: loaded.startAtTask, vaultPasswords: loaded.vaultPasswords, login: loaded.login },
    ...{
      verbose: loaded.verbose,
      check: request.check,
      survey: request.survey === true,
      diff: request.diff,
      forks: request.forks,
      become,
    },
    connectTimeout: connect.connectTimeout ?? 10_000,
    shellTimeout: connect.shellTimeout ?? 30_000,
    files: bundle.files,
    hosts: actingHosts(playbook),
    shards: shards.map(({ hosts }) => hosts),
    readsOthers: shards.length > 1 && playbook.mentioned.has('hostvars'),
  };
}
