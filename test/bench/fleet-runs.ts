// fleet-runs.ts WORK [HOSTS:WORKERS...]: one run on simulated hosts, done by so many workers of a fleet on this machine; 0 is a
// run without a fleet. Prints a line for each; on the control machine of a lab, with a PostgreSQL of its own.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FleetDatabaseServer } from './fleet-database.ts';
import { main, recapOf } from './provision.ts';
import { ScaleHome } from './scale-home.ts';
import { timedBeside } from './timed.ts';

const [work = '', ...wanted] = process.argv.slice(2);
const cases =
  wanted.length > 0
    ? wanted
    : [
        ...Array(5).fill(['10:0', '10:1', '100:0', '100:1']).flat(),
        '2000:0',
        '2000:1',
        '2000:2',
        '2000:4',
        '10000:0',
        '10000:1',
        '10000:2',
        '10000:4',
      ];

// As scale.yml, but what one host reads of another is in a play of its own: in one play they would be one part of the run.
const [tasks = ''] = readFileSync(join(work, 'playbooks/scale.yml'), 'utf8').split(
  '    - name: What another host knows',
);
const last = `
- name: What another host knows
  hosts: all
  gather_facts: false
  tasks:
    - copy:
        content: "{{ hostvars[groups['all'][0]].ansible_hostname }} {{ kernel.stdout }}\\n"
        dest: /etc/bench/others
        mode: '0644'
`;
writeFileSync(join(work, 'playbooks/fleet.yml'), tasks + last);

const database = new FleetDatabaseServer();
const home = new ScaleHome(work, 'fleet.yml');
const env = {
  ...process.env,
  HOME: home.path,
  PROVISION_FLEET: join(home.path, 'fleet.json'),
  PROVISION_RECORDS: 'off',
};
try {
  await timedBeside(process.execPath, [main, 'fleet', 'init', database.url], env);
  for (const one of cases) {
    const [hosts = 0, workers = 0] = one.split(':').map(Number);
    await measure(hosts, workers);
  }
} finally {
  database.close();
}

async function measure(size: number, count: number): Promise<void> {
  const hosts = await home.hosts(size);
  const workers = await Promise.all(Array.from({ length: count }, startWorker));
  const before = { processor: database.processor(), statements: statements() };
  const words = ['apply', join(work, 'playbooks/fleet.yml'), '-i', home.inventory, '--json'];
  const done = await timedBeside(process.execPath, [main, ...words, ...(count > 0 ? ['--fleet'] : [])], env);
  const recap = Object.values(recapOf(done));
  const lost = recap.filter(({ changed, failed, unreachable }) => changed > 0 || failed > 0 || unreachable);
  if (recap.length !== size || lost.length > 0)
    throw new Error(`${lost.length} of ${size} hosts were not converged`);
  const events = done.stdout.trim().split('\n').length;
  const seconds = done.time / 1000;
  const line = {
    ...{
      hosts: size,
      workers: count,
      seconds: round(seconds),
      eventsPerSecond: Math.round(events / seconds),
    },
    millisecondsPerHost: round((seconds * 1000) / size),
    ...(count > 0 && {
      databaseProcessor: round(database.processor() - before.processor),
      transactions: statements() - before.statements,
      rows: Number(database.ask('select count(*) from provision_fleet.events')),
      megabytes:
        Math.round(Number(database.ask(`select pg_total_relation_size('provision_fleet.events')`)) / 1e5) /
        10,
    }),
    load: Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]),
  };
  console.log(JSON.stringify(line));
  for (const worker of workers) await worker.end();
  await hosts.stop();
  database.ask('truncate provision_fleet.runs cascade');
}

function statements(): number {
  return Number(database.ask('select xact_commit from pg_stat_database where datname = current_database()'));
}

async function startWorker(): Promise<{ end(): Promise<void> }> {
  const child = spawn(process.execPath, [main, 'worker', '--site', 'here'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('is ready')) resolve();
  });
  child.on('close', () => reject(new Error('a worker has ended')));
  await ready;
  return {
    end: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
