import { cp, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HomeLabProject } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { type EventRun, readEvents, taskResults } from '../helpers/lab/run-events.ts';
import { changedPaths } from '../helpers/lab/snapshot-change.ts';

const hosts = ['h1', 'h2', 'h3'] as const;
const most = 30;

/** A first apply after so many of its changes: what a plan listed, what it touched, and what an apply after it did. */
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

describe('a first apply that is stopped after each of its changes, or killed there', () => {
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
  async function stoppedApply(signal: NodeJS.Signals): Promise<number | null> {
    const running = project.start('--json');
    await running.said('"status":"changed"').then(
      () => running.child.kill(signal),
      () => undefined, // it has ended before there was anything to stop
    );
    const { code } = await running.result;
    const free = "timeout 60 sh -c 'while [ -e /run/provision/holder ]; do sleep 0.05; done'";
    await each((host) => lab.sh(host, free));
    return code;
  }

  beforeAll(async () => {
    lab = await Lab.up(3, 'bookworm', 'halfdone');
    project = await HomeLabProject.open(lab);
    for (let n = 0; n < most; n += 1) {
      await keep(n);
      const before = await snapshots();
      const plan = await project.events('plan');
      const after = await snapshots();
      const touched = hosts.flatMap((_, at) => changedPaths(before[at] ?? '', after[at] ?? ''));
      prefixes.push({ plan, touched });
      if ((await stoppedApply(n % 2 === 0 ? 'SIGINT' : 'SIGKILL')) === 0) break;
    }
    for (const [n, prefix] of prefixes.entries()) {
      await back(n);
      prefix.apply = readEvents(await project.run('apply', '--json'));
    }
  }, 600_000);
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  test('comes to its end when it is begun again and again', async () => {
    expect(prefixes.length).toBeGreaterThan(8);
    expect(prefixes.length).toBeLessThan(most);
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
