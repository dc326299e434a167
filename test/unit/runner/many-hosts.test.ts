import { describe, expect, test, vi } from 'vitest';
import type { HostValue } from '../../../src/language/evaluate/host-memory.ts';
import type { Play } from '../../../src/language/model.ts';
import { hasHost } from '../../../src/language/play-members.ts';
import { ManagedHost } from '../../../src/runner/managed-host.ts';
import { PlayBoard, topics } from '../../../src/runner/play-board.ts';
import { RunMemories } from '../../../src/runner/seen-memories.ts';

// Work is counted, not timed: what each host costs must not grow with the number of hosts.

const count = 2000;
const names = Array.from({ length: count }, (_, n) => `h${n}`);
const never = () => new AbortController().signal;

/** A signal that counts who listens to it. */
function countedSignal() {
  const controller = new AbortController();
  const { signal } = controller;
  return { controller, signal, add: vi.spyOn(signal, 'addEventListener') };
}

describe('the board of very many hosts', () => {
  test('lets each evaluate its task once, however many values the host sets that all wait for', async () => {
    const board = new PlayBoard(names, undefined, never());
    const [first = '', ...others] = names;
    const known = new Set<string>();
    const evaluate = vi.fn(() => known.has('last'));
    const waiting = others.map((name) =>
      board.wait(name, evaluate, topics.values(first), () => known.has('last')),
    );
    for (let n = 0; n < 50; n++) {
      known.add(`value ${n}`);
      board.pass(first, `task ${n}`, true);
    }
    known.add('last');
    board.pass(first, 'last task', true);
    expect(await Promise.all(waiting)).not.toContain(false);
    expect(evaluate.mock.calls.length).toBeLessThanOrEqual(count);
  });

  test('brings all together for an exchange, each looked at a few times', async () => {
    const board = new PlayBoard(names, undefined, never());
    const looked = vi.fn();
    const topic = topics.gathering('task');
    const arrivals = names.map(async (name) => {
      const gathering = board.gathering<string>('task', () => {
        looked();
        return true;
      });
      gathering.arrive(name, name);
      if (gathering.complete) board.poke(topic);
      const complete = () => {
        looked();
        return gathering.complete;
      };
      expect(await board.wait(name, complete, topic)).toBe(true);
      board.pass(name, 'task', true);
      return gathering.brought.size;
    });
    expect(new Set(await Promise.all(arrivals))).toEqual(new Set([count]));
    expect(looked.mock.calls.length).toBeLessThanOrEqual(4 * count);
  });

  test('wakes those that wait for run_once only when its host leaves', async () => {
    const board = new PlayBoard(names, undefined, never());
    const [first = '', second = ''] = names;
    const looked = vi.fn();
    const decided = (name: string) => () => {
      looked();
      return board.first === name;
    };
    const waiting = board.wait(second, decided(second), topics.once);
    for (const name of names.slice(2)) board.leave(name, false);
    expect(looked).toHaveBeenCalledTimes(1);
    board.leave(first, false);
    expect(await waiting).toBe(true);
  });

  test('finds the next first host without looking at all of them', () => {
    const board = new PlayBoard(names, undefined, never(), new Set(names.slice(count / 2)));
    const spread = vi.spyOn(Set.prototype, 'has');
    for (const name of names) {
      expect(board.first).toBe(name);
      board.leave(name, false);
    }
    const { length } = spread.mock.calls;
    spread.mockRestore();
    expect(board.first).toBeUndefined();
    expect(length).toBeLessThan(10 * count);
  });

  test('listens for an interruption only while somebody waits', async () => {
    const { controller, signal, add } = countedSignal();
    for (const name of names) new PlayBoard([name], undefined, signal).check();
    expect(add).not.toHaveBeenCalled();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const board = new PlayBoard(names, undefined, signal);
    const waiting = names.slice(1).map((name) => board.wait(name, () => board.ended, 'topic'));
    expect(add).toHaveBeenCalledTimes(1);
    board.ended = true;
    board.poke('topic');
    await Promise.all(waiting);
    expect(remove).toHaveBeenCalledTimes(1);
    controller.abort();
    expect(board.halted).toBe(true);
  });
});

describe('what very many hosts know of each other', () => {
  const memory = (values: Readonly<Record<string, HostValue>>) => ({
    facts: new Map(),
    values: new Map(Object.entries(values)),
  });

  test('is made once for all that look', () => {
    const hosts = new Map(names.map((name) => [name, { memory: memory({}), awaited: new Map() }]));
    const memories = new RunMemories(hosts);
    const seen = new Set(names.slice(1).map((name) => memories.seenBy(name).get('h0')));
    expect(seen.size).toBe(1);
    expect(memories.seenBy('h0').get('h0')).toBe(hosts.get('h0')?.memory);
  });

  test.each<[string, Readonly<Record<string, HostValue>>, Readonly<Record<string, HostValue>>, boolean]>([
    ['set', { x: { kind: 'value', value: 1 } }, { x: { kind: 'pending', task: 't' } }, false],
    ['still to come', {}, { x: { kind: 'pending', task: 't' } }, true],
    ['being set', { x: { kind: 'pending', task: 't' } }, {}, true],
    ['unknown', { x: { kind: 'unknown', dependsOn: [] } }, {}, false],
    ['of nobody', {}, {}, false],
  ])('a value that is %s', (_what, values, awaited, pends) => {
    const hosts = new Map([['a', { memory: memory(values), awaited: new Map(Object.entries(awaited)) }]]);
    expect(new RunMemories(hosts).pends('a', 'x')).toBe(pends);
  });
});

describe('what is kept of a host', () => {
  test('ends with its last play, but for what others may read', () => {
    const host = new ManagedHost('h', { check: false, observed: false });
    const kind = { name: 'k', program: () => '', read: () => [] };
    const asked = { id: '\nk\n1', become: undefined, kind, question: 1, paths: [], timeout: undefined };
    host.answers.put(asked, { value: 'x' });
    host.put('x', { kind: 'value', value: 1 });
    expect(host.answers.get({ asks: [{ kind, question: 1 }], become: undefined })).toEqual({ values: ['x'] });
    host.release();
    expect(host.answers.get({ asks: [{ kind, question: 1 }], become: undefined })).toBeUndefined();
    expect(host.memory.values.get('x')).toEqual({ kind: 'value', value: 1 });
  });

  test('and which plays it is in is known without looking through all hosts of a play', () => {
    const read = vi.fn(() => names);
    const play = Object.defineProperty({}, 'hosts', { get: read }) as Play;
    expect(names.every((name) => hasHost(play, name))).toBe(true);
    expect(hasHost(play, 'other')).toBe(false);
    expect(read).toHaveBeenCalledTimes(1);
  });
});
