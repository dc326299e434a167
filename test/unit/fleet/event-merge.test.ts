import { expect, test } from 'vitest';
import { EventMerge, nothing } from '../../../src/fleet/event-merge.ts';
import type { RunEvent } from '../../../src/runner/events.ts';

const hosts = ['a', 'b', 'c'];
const shards = [['a', 'c'], ['b']];

function start(own: readonly string[]): RunEvent {
  return {
    ...{ type: 'run-start', format: 2, version: '1', playbook: 'p.yml', check: false, started: '' },
    hosts: own,
  };
}
const play = (number: number, own: readonly string[]): RunEvent => ({
  ...{ type: 'play-start', play: number, name: `P${number}` },
  hosts: own,
});
const task = (number: number, count: number): RunEvent => ({
  ...{ type: 'task-start', play: number, task: `${number}.1`, name: 'T', handler: false },
  hosts: count,
});
const result = (number: number, host: string): RunEvent => ({
  ...{ type: 'task-result', host, play: number, task: `${number}.1`, name: 'T', resource: 'copy' },
  ...{ status: 'changed', changes: [], handler: false, duration: 1 },
});
const recap = (own: readonly string[], exitCode: number): RunEvent => ({
  ...{ type: 'recap', duration: 1, exitCode },
  hosts: Object.fromEntries(own.map((host) => [host, { ...nothing, changed: 1 }])),
});

function merged(...taken: readonly (readonly [number, RunEvent])[]): {
  readonly lines: readonly string[];
  readonly merge: EventMerge;
} {
  const lines: string[] = [];
  const merge = new EventMerge(hosts, shards, (event) => {
    if (event.type === 'run-start' || event.type === 'play-start' || event.type === 'interrupted')
      lines.push(
        `${event.type} ${event.hosts.map((one) => (typeof one === 'string' ? one : one.host)).join(' ')}`,
      );
    else if (event.type === 'task-start') lines.push(`task ${event.task} ${event.hosts}`);
    else if (event.type === 'task-result') lines.push(`${event.task} ${event.host}`);
    else if (event.type === 'recap')
      lines.push(`recap ${Object.keys(event.hosts).join(' ')} ${event.exitCode}`);
    else lines.push(event.type);
  });
  for (const [shard, event] of taken) merge.take(shard, event);
  return { lines, merge };
}

test('a play begins once, when it has begun everywhere, with hosts in the order of the run', () => {
  const { lines, merge } = merged(
    [0, start(['a', 'c'])],
    [0, play(1, ['a', 'c'])],
    [0, task(1, 2)],
    [0, result(1, 'a')],
    [0, play(2, ['a', 'c'])],
    [0, result(2, 'c')],
    [0, recap(['a', 'c'], 0)],
    [1, start(['b'])],
    [1, play(1, ['b'])],
    [1, task(1, 1)],
    [1, result(1, 'b')],
    [1, play(2, [])],
    [1, recap(['b'], 2)],
  );
  merge.end(7);
  expect(lines).toEqual([
    ...['run-start a b c', 'play-start a b c', 'task 1.1 3', '1.1 a', '1.1 b'],
    ...['play-start a c', '2.1 c', 'recap a b c 2'],
  ]);
  expect(merge.changed).toBe(true);
});

test('a play that a shard begins again does not begin again, and a warning of all is shown once', () => {
  const { lines } = merged(
    [0, play(1, ['a', 'c'])],
    [1, play(1, ['b'])],
    [0, { type: 'warning', message: 'old' }],
    [1, { type: 'warning', message: 'old' }],
    [0, play(1, ['a', 'c'])],
    [0, result(1, 'a')],
  );
  expect(lines).toEqual(['play-start a b c', 'warning', '1.1 a']);
});

test('a shard that ends early holds no other up; hosts of one that never ended are unreachable', () => {
  const { lines, merge } = merged(
    [0, play(1, ['a', 'c'])],
    [1, { type: 'interrupted', hosts: [{ host: 'b' }] }],
    [1, recap(['b'], 130)],
    [0, result(1, 'a')],
  );
  merge.end(1);
  expect(lines).toEqual(['play-start a c', '1.1 a', 'interrupted b', 'recap a b c 130']);
  expect(merged([1, recap(['b'], 0)]).merge.end(1)).toMatchObject({
    exitCode: 4,
    hosts: { a: { unreachable: true }, b: { unreachable: false, changed: 1 } },
  });
});
