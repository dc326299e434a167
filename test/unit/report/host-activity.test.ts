import { describe, expect, it, vi } from 'vitest';
import { HostActivity } from '../../../src/report/host-activity.ts';
import { Redactor } from '../../../src/report/redaction.ts';
import { openReport } from '../../../src/report/run-report.ts';
import { memoryOutput, playStart, recapEvent, resultOf, runStart } from '../../helpers/report/sample-run.ts';

describe('what is waited for', () => {
  it('names hosts that are being connected to, and those that give no result, with their own time', () => {
    let now = 0;
    const activity = new HostActivity(() => now);
    activity.take(runStart(['h1', 'h2', 'h10']));
    activity.take({ type: 'host-connected', host: 'h2', duration: 1 });
    now = 5000;
    expect(activity.lines(80)).toEqual(['connecting: 1 of 3 hosts, waiting for h1, h10 (5.0 s)']);
    activity.take({ type: 'host-connected', host: 'h1', duration: 1 });
    activity.take({ type: 'host-unreachable', host: 'h10', message: 'off' });
    expect(activity.lines(80)).toEqual([]);
    activity.take(playStart(1, 'p', ['h1', 'h2']));
    now = 7000;
    activity.take(resultOf('h1', 'a'));
    now = 12_500;
    expect(activity.lines(80)).toEqual(['waiting for h2 7.0 s, h1 5.0 s']);
    activity.take(recapEvent({}));
    expect(activity.lines(80)).toEqual([]);
  });

  it('keeps to the width, and to a few names', () => {
    let now = 0;
    const hosts = Array.from({ length: 100 }, (_, index) => `web${index + 1}.example.net`);
    const activity = new HostActivity(() => now);
    activity.take(runStart(hosts));
    now = 9000;
    expect(activity.lines(80)[0]?.length).toBeLessThanOrEqual(80);
    for (const host of hosts) activity.take({ type: 'host-connected', host, duration: 1 });
    activity.take(playStart(1, 'p', hosts));
    now = 20_000;
    expect(activity.lines(140)).toEqual([
      'waiting for web1.example.net 11.0 s, web2.example.net 11.0 s, web3.example.net 11.0 s, +97',
    ]);
  });

  it('is shown every 30 s where there is no terminal and nothing else to show', async () => {
    vi.useFakeTimers();
    try {
      const [stdout, stderr] = [memoryOutput(), memoryOutput()];
      const choice = { json: false, live: false, diff: false, verbose: false, quiet: false };
      const report = await openReport({ ...choice, stdout, stderr, redactor: new Redactor() });
      report.report(runStart(['h1', 'h2']));
      report.report({ type: 'host-connected', host: 'h1', duration: 1 });
      await vi.advanceTimersByTimeAsync(61_000);
      expect(stderr.text()).toBe(
        'connecting: 1 of 2 hosts, waiting for h2 (30.0 s)\nconnecting: 1 of 2 hosts, waiting for h2 (1 min 00 s)\n',
      );
      await report.end();
      await vi.advanceTimersByTimeAsync(61_000);
      expect(stderr.text().split('\n')).toHaveLength(3);
    } finally {
      vi.useRealTimers();
    }
  });
});
