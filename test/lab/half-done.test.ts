import { cp, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HomeLabProject } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { type EventRun, readEvents, taskResults } from '../helpers/lab/run-events.ts';
import { changedPaths } from '../helpers/lab/snapshot-change.ts';

/** Where a run is ended: at the first change that is shown in that play, or in any. */
interface Stop {
  readonly play?: string;
  readonly signal: 'SIGINT' | 'SIGKILL';
}

// Every prefix of a playbook is tried in test/unit/runner/half-done.test.ts; of a first apply of home-lab.yml these five: nothing was done, and a stop or kill at the first
// change that is shown in each of these four plays. What was in flight then is done too. With EVERY_PREFIX=1 in the environment, which takes
// a quarter of an hour, each run is ended at its first change, until one has nothing left to do.
const stops: readonly Stop[] = [
  { play: 'Prepare the log server', signal: 'SIGINT' },
  { play: 'Prepare the log clients', signal: 'SIGKILL' },
  { play: 'Log server', signal: 'SIGINT' },
  { play: 'Log clients', signal: 'SIGKILL' },
];
const everyPrefix = process.env.EVERY_PREFIX === '1';
const hosts = ['h1', 'h2', 'h3'] as const;

/** A first apply that came so far: what a plan listed, what it touched, and what an apply after it did. */
interface Prefix {
  readonly plan: EventRun;
  readonly touched: readonly string[];
  apply?: EventRun;
}

/** `host task item` of the results with one of these states, host by host. */
function tasks(run: EventRun | undefined, ...states: readonly string[]): readonly string[] {
  if (!run) return [];
  return taskResults(run)
    .filter(({ status }) => states.includes(status))
    .map(({ host, task, item }) => `${host} ${task} ${item ?? ''}`)
    .sort();
}

describe('a first apply that is stopped or killed in each of its phases', () => {
  let lab: Lab;
  let project: HomeLabProject;
  const prefixes: Prefix[] = [];

  const each = <T>(work: (host: string) => Promise<T>) => Promise.all(hosts.map(work));
  const snapshots = () => each((host) => lab.snapshot(host));

  async function keep(n: number): Promise<void> {
    await each((host) => lab.save(host, `prefix${n}`));
    await cp(project.ca, `${project.ca}${n}`, { recursive: true }).catch(() => undefined); // there may be none yet
  }

  async function back(n: number): Promise<void> {
    await each((host) => lab.restore(host, `prefix${n}`));
    await rm(project.ca, { recursive: true, force: true });
    await cp(`${project.ca}${n}`, project.ca, { recursive: true }).catch(() => undefined);
  }

  // What was in flight goes on to its end on the hosts, also of a run that is killed, and their locks end with it.
  // Whether there was something to stop.
  async function stoppedApply({ play, signal }: Stop): Promise<boolean> {
    const running = project.start('--json');
    let heard = '';
    let sent = false; // a second SIGINT would not wait for what is in flight
    running.child.stdout?.on('data', (text: string) => {
      heard += text;
      const started = play === undefined ? 0 : heard.indexOf(`"name":"${play}","hosts"`);
      if (sent || started < 0 || !heard.includes('"status":"changed"', started)) return;
      sent = running.child.kill(signal);
    });
    const { code, stdout, stderr } = await running.result;
    if (code === 0 && play === undefined) return false;
    if (code === 0) throw new Error(`nothing was stopped in '${play}':\n${stdout}${stderr}`);
    const free = "timeout 60 sh -c 'while [ -e /run/provision/holder ]; do sleep 0.05; done'";
    await each((host) => lab.sh(host, free));
    return true;
  }

  beforeAll(
    async () => {
      lab = await Lab.up(3, 'bookworm', 'halfdone');
      project = await HomeLabProject.open(lab);
      for (let n = 0, goesOn = true; goesOn; n++) {
        await keep(n);
        const before = await snapshots();
        const plan = await project.events('plan');
        const after = await snapshots();
        const touched = hosts.flatMap((_, at) => changedPaths(before[at] ?? '', after[at] ?? ''));
        prefixes.push({ plan, touched });
        const stop = everyPrefix
          ? { signal: n % 2 === 0 ? ('SIGINT' as const) : ('SIGKILL' as const) }
          : stops[n];
        goesOn = stop !== undefined && (await stoppedApply(stop));
      }
      if (everyPrefix)
        console.log(
          `prefixes with so much left: ${prefixes.map(({ plan }) => tasks(plan, 'changed', 'unknown').length).join(' ')}`,
        );
      for (const [n, prefix] of prefixes.entries()) {
        await back(n);
        prefix.apply = readEvents(await project.run('apply', '--json'));
      }
    },
    everyPrefix ? 1_800_000 : 240_000,
  );
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  test('comes to its end when it is begun again and again', async () => {
    const left = prefixes.map(({ plan }) => tasks(plan, 'changed', 'unknown').length);
    const fewer = left.map((count, n) => count - (left[n - 1] ?? Infinity));
    // Of every prefix only the last has nothing left: a kill may come before anything was changed, and a plan that knows more lists more.
    if (everyPrefix) expect(left.indexOf(0)).toBe(left.length - 1);
    else
      expect([left.length, fewer.filter((by) => by >= 0), left.includes(0)]).toEqual([
        stops.length + 1,
        [],
        false,
      ]);
    expect(await project.troubled()).toEqual([]);
    for (const host of ['h2', 'h3'])
      expect(await project.delivers(host, `in the end from ${host}`)).toBe(true);
  });

  test('no plan of it touches a file or fails', () => {
    expect(prefixes.map(({ touched }) => touched)).toEqual(prefixes.map(() => []));
    expect(prefixes.map(({ plan }) => [plan.code, tasks(plan, 'failed')])).toEqual(
      prefixes.map(() => [0, []]),
    );
  });

  test('each plan of it lists what the apply that follows does', () => {
    const wrong = prefixes.map(({ plan, apply }, n) => {
      const planned = tasks(plan, 'changed');
      const unknown = tasks(plan, 'unknown');
      const done = tasks(apply, 'changed');
      return {
        n,
        code: apply?.code,
        onlyPlanned: planned.filter((task) => !done.includes(task)),
        onlyDone: done.filter((task) => !planned.includes(task) && !unknown.includes(task)),
      };
    });
    expect(wrong).toEqual(prefixes.map((_, n) => ({ n, code: 0, onlyPlanned: [], onlyDone: [] })));
  });
});
