import { describe, expect, it, vi } from 'vitest';
import { HostActivity } from '../../../src/report/host-activity.ts';
import { Redactor } from '../../../src/report/redaction.ts';
import { RunProgress } from '../../../src/report/run-progress.ts';
import { openReport } from '../../../src/report/run-report.ts';
import { RunningRows } from '../../../src/report/running-rows.ts';
import { TotalProgress } from '../../../src/report/total-progress.ts';
import type { Doing } from '../../../src/runner/doing.ts';
import type { RunEvent } from '../../../src/runner/events.ts';
import {
  memoryOutput,
  playStart,
  recapEvent,
  resultOf,
  runStart,
  taskStart,
} from '../../helpers/report/sample-run.ts';

/** Rows of a run whose time is what the test says. */
class Watched {
  now = 0;
  readonly #activity = new HostActivity(() => this.now);
  readonly #progress = new RunProgress(() => undefined);
  readonly #total: TotalProgress;
  readonly #redactor = new Redactor();
  readonly #rows: RunningRows;

  constructor(sizes: ReadonlyMap<number, number> = new Map()) {
    this.#total = new TotalProgress(sizes, () => this.now);
    this.#rows = new RunningRows({
      total: this.#total,
      activity: this.#activity,
      tallies: () => this.#progress.running,
      shown: (text) => this.#redactor.text(text),
    });
  }

  take(...events: readonly RunEvent[]): void {
    for (const event of events) {
      this.#activity.take(event);
      this.#progress.take(event);
      this.#total.take(event);
    }
  }

  hide(secret: string): void {
    this.#redactor.add(secret);
  }

  watch(host: string, doing: Doing): void {
    this.#activity.watch(host, doing);
  }

  at(host: string, name: string): void {
    this.watch(host, { at: 'task', task: `1.tasks.${name}`, name });
  }

  rows(width = 80): readonly string[] {
    return this.#rows.rows(width);
  }
}

const connected = (host: string): RunEvent => ({ type: 'host-connected', host, duration: 1 });

describe('what is going on', () => {
  it('is connecting first, with the hosts that are missing', () => {
    const run = new Watched();
    run.take(runStart(['h1', 'h2', 'h10']), connected('h2'));
    run.now = 5000;
    expect(run.rows()).toEqual([
      'connecting: 1 of 3 hosts, waiting for h1, h10 (5 s)',
      '  reading the state of hosts  h2 5 s',
    ]);
    run.take(connected('h1'), { type: 'host-unreachable', host: 'h10', message: 'off' });
    run.watch('h1', { at: 'end' });
    expect(run.rows()).toEqual(['reading the state of hosts  h2 5 s']);
    run.watch('h2', { at: 'end' });
    expect(run.rows()).toEqual([]);
  });

  it('is each task with the hosts that are at it, each with its own time, below how far the run is', () => {
    const run = new Watched(
      new Map([
        [1, 3],
        [2, 5],
      ]),
    );
    run.take(
      runStart(['h1', 'h2', 'h3']),
      ...['h1', 'h2', 'h3'].map(connected),
      playStart(1, 'p', ['h1', 'h2', 'h3']),
    );
    run.take(taskStart('install', 3));
    for (const host of ['h1', 'h2', 'h3']) run.at(host, 'install');
    run.now = 4000;
    run.take(resultOf('h2', 'install'), resultOf('h3', 'install'), taskStart('restart', 3, true));
    run.at('h2', 'restart');
    run.watch('h3', { at: 'end' });
    run.now = 64_500;
    expect(run.rows()).toEqual([
      '0 of 8 tasks, play 1 of 2, 1 min 04 s',
      '  install  2/3  h1 1 min 04 s',
      '  restart (handler)  0/3  h2 1 min 00 s',
    ]);
    run.take(resultOf('h1', 'install'));
    // What is behind a host is not shown as if it went on.
    expect(run.rows().at(-1)).toBe('  reading the state of hosts  h1');
    run.at('h1', 'restart');
    expect(run.rows()).toEqual([
      '1 of 8 tasks, play 1 of 2, 1 min 04 s',
      '  restart (handler)  0/3  h2 1 min 00 s, h1',
    ]);
    run.take(playStart(2, 'q', ['h1']));
    run.at('h1', 'last');
    expect(run.rows()).toEqual(['3 of 8 tasks, play 2 of 2, 1 min 04 s', '  last  h1']);
    run.take(recapEvent({}));
    expect(run.rows()).toEqual([]);
  });

  it('names what a host waits for, for as long as it does', () => {
    const run = new Watched();
    run.take(runStart(['h1', 'h2']), connected('h1'), connected('h2'), playStart(1, 'p', ['h1', 'h2']));
    run.take(taskStart('install', 2));
    run.at('h1', 'install');
    run.at('h2', 'install');
    run.watch('h1', { at: 'wait', kind: 'lock', until: "another program's package lock" });
    run.now = 3000;
    expect(run.rows()).toEqual([
      '3 s',
      "  install  0/2  h1 3 s  waits for another program's package lock",
      '  install  0/2  h2 3 s',
    ]);
    run.watch('h1', { at: 'wait', kind: 'lock' });
    expect(run.rows()).toEqual(['3 s', '  install  0/2  h1 3 s, h2 3 s']);
    // A hold is not over because the host comes to another task.
    run.watch('h2', { at: 'wait', kind: 'hold', until: "'restart' on h1" });
    run.at('h2', 'next');
    expect(run.rows()).toContain("  next  h2  waits for 'restart' on h1");
    run.watch('h2', { at: 'wait', kind: 'hold' });
    expect(run.rows()).toContain('  next  h2');
  });

  it('shows no secret, also where a name is cut off', () => {
    const run = new Watched();
    run.hide('correct-horse-7');
    run.take(runStart(['h1']), connected('h1'), playStart(1, 'p', ['h1']));
    run.at('h1', `${'x'.repeat(60)} correct-horse-7`);
    expect(run.rows(76).join()).not.toContain('correct');
    run.at('h1', 'enter correct-horse-7');
    expect(run.rows()).toContain('  enter ***  h1');
  });

  it('keeps to the width, and to a few names and rows', () => {
    const hosts = Array.from({ length: 100 }, (_, index) => `web${index + 1}.example.net`);
    const run = new Watched();
    run.take(runStart(hosts));
    run.now = 9000;
    expect(run.rows()[0]?.length).toBeLessThanOrEqual(80);
    run.take(...hosts.map(connected), playStart(1, 'p', hosts));
    for (const host of hosts) run.at(host, 'install');
    run.now = 20_000;
    expect(run.rows(140)).toEqual([
      '20 s',
      '  install  web1.example.net 11 s, web2.example.net 11 s, web3.example.net 11 s, +97',
    ]);
    for (const [index, host] of hosts.entries()) run.at(host, `task ${index % 20}`);
    const rows = run.rows();
    expect(rows).toHaveLength(10);
    expect(rows.at(-1)).toBe('  and 12 more tasks');
    expect(Math.max(...rows.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('is shown every 30 s where there is no terminal and nothing else to show', async () => {
    vi.useFakeTimers();
    try {
      const [stdout, stderr] = [memoryOutput(), memoryOutput()];
      const choice = { json: false, live: false, diff: false, verbose: false, quiet: false };
      const plays = new Map([[1, 30]]);
      const report = await openReport({ ...choice, plays, stdout, stderr, redactor: new Redactor() });
      report.report(runStart(['h1', 'h2']));
      report.report(connected('h1'));
      await vi.advanceTimersByTimeAsync(31_000);
      report.report(connected('h2'));
      report.report(playStart(1, 'p', ['h1', 'h2']));
      report.watch?.('h2', { at: 'task', task: '1.tasks.install', name: 'install' });
      await vi.advanceTimersByTimeAsync(30_000);
      expect(stderr.text().split('\n')).toEqual([
        'connecting: 1 of 2 hosts, waiting for h2 (30 s)',
        '  reading the state of hosts  h1 30 s',
        '0 of 30 tasks, 1 min 00 s',
        '  install  h2 29 s',
        '',
      ]);
      await report.end();
      await vi.advanceTimersByTimeAsync(61_000);
      expect(stderr.text().split('\n')).toHaveLength(5);
    } finally {
      vi.useRealTimers();
    }
  });
});
