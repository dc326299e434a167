import { expect, test } from 'vitest';
import { TimingsReport } from '../../../src/report/timings-report.ts';
import type { TimeSpent } from '../../../src/runner/events.ts';

const spent = (more: Partial<TimeSpent>): TimeSpent => ({
  type: 'time',
  host: 'h1',
  spent: 'trip',
  began: 0,
  duration: 10,
  ...more,
});

test('shows times by host and the dearest sections of all', () => {
  const report = new TimingsReport();
  const { host: _, ...load } = spent({ spent: 'load', duration: 90 });
  report.take(load);
  report.take(spent({ spent: 'connect', duration: 30 }));
  report.take(spent({ duration: 1200, sections: [{ label: 'Install it', duration: 1100 }] }));
  report.take(spent({ duration: 40, sections: [{ label: 'ask path (12)', duration: 35 }] }));
  report.take(spent({ host: 'longer', spent: 'wait', duration: 500 }));
  expect(report.lines(80)).toEqual([
    '',
    'Load: 90 ms',
    '  host    connect  trips  in all  waiting  each trip',
    '  h1      30 ms    2      1.2 s   0 ms     1.2 s, 40 ms',
    '  longer  0 ms     0      0 ms    500 ms   ',
    'Dearest:',
    '  1.1 s  h1  Install it',
    '  35 ms  h1  ask path (12)',
    '',
  ]);
});

test('shows nothing when no times were asked for', () => {
  expect(new TimingsReport().lines(80)).toEqual([]);
});

test('the ten dearest are shown, and lines fit the screen', () => {
  const report = new TimingsReport();
  const sections = Array.from({ length: 30 }, (_, n) => ({
    label: `step ${n} ${'x'.repeat(90)}`,
    duration: n,
  }));
  report.take(spent({ sections }));
  const lines = report.lines(80);
  expect(lines.filter((line) => line.includes('step'))).toHaveLength(10);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});
