import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isDeadHere, thisProcess } from '../../../src/runner/control-process.ts';
import { lockedCode } from '../../../src/runner/host-lock.ts';
import { readRefusal, refusalText } from '../../../src/runner/lock-refusal.ts';

const printed = (...more: string[]) =>
  ['anna@desk (provision apply a.yml)', 'run-1', 'k:1:2', '4711', ...more, ''].join('\n');

describe('what the lock section printed', () => {
  test('names who has the host, until when, and what ends it now', () => {
    const refusal = readRefusal(lockedCode, printed('heard 7'));
    expect(refusal && refusalText(refusal, 'ssh h1 sudo')).toBe(
      'another run has this host: anna@desk (provision apply a.yml), last heard of 7 s ago. Wait until it has ended; if it died, the host is free 50 s after it was last heard of. To end it now: ssh h1 sudo kill -KILL 4711',
    );
  });

  test('names the steps that go on', () => {
    const refusal = readRefusal(lockedCode, printed('815', 'heard 7'));
    expect(refusal && refusalText(refusal, '')).toBe(
      'another run has this host: anna@desk (provision apply a.yml), which was cut off; its steps are still running as process 815. Wait until they have ended, or end them now: kill -KILL 815',
    );
  });

  test.each([
    ['another code', 1, printed()],
    ['nothing', lockedCode, ''],
    ['no process', lockedCode, 'anna\nrun-1\nk:1:2\n'],
    ['a process that is none', lockedCode, 'anna\nrun-1\nk:1:2\n1; reboot\n'],
  ])('is believed only when it makes sense: %s', (_what, code, text) => {
    expect(readRefusal(code, text)).toBeUndefined();
  });
});

describe('processes of the control node', () => {
  test('this one lives', () => {
    expect(isDeadHere(thisProcess())).toBe(false);
  });

  test('one that has ended is dead, one that took over its number too', () => {
    const [machine] = thisProcess().split(':');
    const { pid } = spawnSync('true');
    expect(isDeadHere(`${machine}:${pid}:12345`)).toBe(true);
    expect(isDeadHere(`${machine}:${process.pid}:1`)).toBe(true);
  });

  test.each(['elsewhere:1:1', '', 'unknown:1:0', 'nonsense'])('nothing is known of %j', (name) => {
    expect(isDeadHere(name)).toBe(false);
  });
});
