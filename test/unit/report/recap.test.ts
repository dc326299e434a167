import { describe, expect, it } from 'vitest';
import { paintWith } from '../../../src/report/paint.ts';
import { planSummary } from '../../../src/report/plan-list.ts';
import { closingLine, recapTable, tripLines } from '../../../src/report/recap.ts';
import { recapOf } from '../../helpers/report/sample-run.ts';

const plain = paintWith(false);

describe('recapTable', () => {
  it('lines up, and shows rare counts only when there are any', () => {
    const hosts = {
      logs: recapOf({ ok: 14, changed: 10 }),
      'web-server-1': recapOf({ ok: 9, rescued: 1, duration: 61_000 }),
    };
    expect(recapTable(hosts, plain)).toEqual([
      'logs          ok=14  changed=10  skipped=0  failed=0  unreachable=0  rescued=0       1.2 s',
      'web-server-1  ok=9   changed=0   skipped=0  failed=0  unreachable=0  rescued=1  1 min 01 s',
    ]);
  });

  it('stays within 80 columns for usual names and counts', () => {
    const [line] = recapTable({ 'log-server': recapOf({ ok: 120, changed: 100, skipped: 10 }) }, plain);
    expect(line?.length).toBeLessThanOrEqual(80);
  });
});

describe('tripLines', () => {
  it('shows each host when they differ, and leaves out hosts without a connection', () => {
    const hosts = {
      logs: recapOf({ execs: 3, verifyExecs: 1 }),
      h1: recapOf(),
      h2: recapOf(),
      h3: recapOf({ connections: 0, execs: 0 }),
    };
    expect(tripLines(hosts, 80)).toEqual([
      'logs: 1 connection, 3 execs (+1 to verify)',
      'h1, h2: 1 connection, 2 execs',
    ]);
  });

  it('shows all at once when they are alike', () => {
    expect(tripLines({ h1: recapOf(), h2: recapOf() }, 80)).toEqual(['each host: 1 connection, 2 execs']);
    expect(tripLines({ h1: recapOf({ execs: 1 }) }, 80)).toEqual(['h1: 1 connection, 1 exec']);
  });

  it('names as many hosts as fit the line', () => {
    const names = Array.from({ length: 40 }, (_, n) => `host-${n}.example.net`);
    const hosts = Object.fromEntries(names.map((name) => [name, recapOf()]));
    expect(tripLines({ ...hosts, logs: recapOf({ execs: 3 }) }, 80)).toEqual([
      'host-0.example.net, host-1.example.net, +38: 1 connection, 2 execs',
      'logs: 1 connection, 3 execs',
    ]);
  });
});

describe('closingLine', () => {
  it.each([
    [{ h1: recapOf(), h2: recapOf() }, '0 changed on every host; all is as the playbook says; 1.5 s'],
    [{ h1: recapOf() }, '0 changed on 1 host; all is as the playbook says; 1.5 s'],
    [
      { h1: recapOf({ changed: 3 }), h2: recapOf() },
      '3 changed on 1 of 2 hosts; all is as the playbook says; 1.5 s',
    ],
    [
      { h1: recapOf({ changed: 1 }), h2: recapOf({ changed: 2 }) },
      '3 changed on 2 hosts; all is as the playbook says; 1.5 s',
    ],
    [
      { h1: recapOf({ failed: 1 }), h2: recapOf({ unreachable: true }), h3: recapOf() },
      '0 changed; of 3 hosts 1 failed, 1 unreachable; see below; 1.5 s',
    ],
    [{ h1: recapOf({ ignored: 1 }) }, '0 changed on 1 host; 1.5 s'],
  ])('%#', (hosts, line) => {
    expect(closingLine(hosts, 1500, plain)).toBe(line);
  });

  it.each([130, 124])('a run that was cut short claims nothing: %i', (exitCode) => {
    const line = closingLine({ h1: recapOf({ changed: 1 }) }, 1500, plain, exitCode);
    expect(line).toBe('1 changed on 1 host; the same command does the rest; 1.5 s');
  });
});

describe('planSummary', () => {
  it.each([
    [
      { h1: recapOf({ ok: 4, changed: 2, unknown: 1 }), h2: recapOf({ ok: 3 }) },
      'Plan: 2 to change, 1 unknown, 7 ok on 2 hosts',
    ],
    [
      { h1: recapOf({ failed: 1 }), h2: recapOf({ unreachable: true }) },
      'Plan: 0 to change, 0 unknown, 0 ok, 1 would fail on 1 host, 1 host unreachable',
    ],
  ])('%#', (hosts, line) => {
    expect(planSummary(hosts, plain)).toBe(line);
  });
});
