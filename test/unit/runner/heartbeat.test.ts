import { beforeEach, expect, test } from 'vitest';
import { Heartbeat } from '../../../src/runner/heartbeat.ts';
import type { HostSession } from '../../../src/runner/host-session.ts';
import { ManagedHost } from '../../../src/runner/managed-host.ts';
import { Pace } from '../../../src/runner/pace.ts';

let beats: string[];
beforeEach(() => {
  beats = [];
});

function host(name: string, opened = true, options = { check: false, observed: false }): ManagedHost {
  const run = new ManagedHost(name, options);
  run.opened = opened;
  run.session = { beat: async () => beats.push(name) } as unknown as HostSession;
  return run;
}

test('every host whose lock the run has is given a sign of life again and again, until the end', async () => {
  const lost = host('lost');
  const hosts = new Map([host('a'), host('closed', false), host('b'), lost].map((one) => [one.name, one]));
  const heartbeat = new Heartbeat(hosts, 'run-1', new Pace(), 0.05);
  await expect.poll(() => beats.filter((name) => name === 'b').length).toBeGreaterThanOrEqual(3);
  expect(new Set(beats)).toEqual(new Set(['a', 'b', 'lost']));
  lost.ended = 'unreachable';
  beats = [];
  await expect.poll(() => beats.filter((name) => name === 'b').length).toBeGreaterThanOrEqual(2);
  expect(new Set(beats)).toEqual(new Set(['a', 'b']));
  heartbeat.end();
  await new Promise((resolve) => setTimeout(resolve, 60));
  beats = [];
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(beats).toEqual([]);
});
