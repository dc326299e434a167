import { afterEach, describe, expect, it, vi } from 'vitest';
import { hostList } from '../../../src/report/host-list.ts';
import { Laggards } from '../../../src/report/laggards.ts';
import { Redactor } from '../../../src/report/redaction.ts';
import { RunProgress } from '../../../src/report/run-progress.ts';
import { playStart, resultOf, taskStart } from '../../helpers/report/sample-run.ts';

// Work is counted, not timed: what each host costs must not grow with the number of hosts.

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `h${n}`);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the progress of very many hosts', () => {
  /** Look-ups for each result of a play in which every host comes to every task before the next host begins. */
  const lookUps = (count: number): number => {
    const done: string[] = [];
    const progress = new RunProgress((tally) => done.push(tally.name));
    const tasks = ['a', 'b', 'c', 'd', 'e', 'f'];
    const hosts = names(count);
    const get = vi.spyOn(Map.prototype, 'get');
    progress.take(playStart(1, 'p', hosts));
    for (const task of tasks) progress.take(taskStart(task, count));
    for (const host of hosts) for (const task of tasks) progress.take(resultOf(host, task));
    const { length } = get.mock.calls;
    vi.restoreAllMocks();
    expect(done).toEqual(tasks.slice(0, -1));
    return length / (count * tasks.length);
  };

  it('costs the same for each of them', () => {
    expect(lookUps(2000)).toBeLessThanOrEqual(lookUps(100) * 1.1);
  });

  it('asks about a host that is past a task no more', () => {
    const hosts = new Set(names(2000));
    const laggards = new Laggards(hosts);
    const past = new Set<string>();
    const asked = vi.fn((host: string) => past.has(host));
    for (const host of hosts) {
      expect(laggards.none(asked)).toBe(false);
      past.add(host);
    }
    hosts.add('late');
    expect(laggards.none(asked)).toBe(false);
    past.add('late');
    expect(laggards.none(asked)).toBe(true);
    expect(asked.mock.calls.length).toBeLessThan(3 * hosts.size);
  });
});

describe('secrets of very many hosts', () => {
  it('are hidden without looking for each of them in each text', () => {
    const looks = (count: number): number => {
      const redactor = new Redactor();
      for (const name of names(count)) redactor.add(`password of ${name}!`);
      const [includes, replaceAll] = [
        vi.spyOn(String.prototype, 'includes'),
        vi.spyOn(String.prototype, 'replaceAll'),
      ];
      const event = resultOf('h7', 'a', { message: "it said 'password\\ of\\ h7\\!' and password of h8!" });
      expect(redactor.event(event).message).toBe("it said '***' and ***");
      const length = includes.mock.calls.length + replaceAll.mock.calls.length;
      vi.restoreAllMocks();
      return length;
    };
    expect(looks(2000)).toBe(looks(10));
  });
});

describe('a list of very many hosts', () => {
  it('joins no more names than fit', () => {
    const join = vi.spyOn(Array.prototype, 'join');
    const list = hostList(names(2000), 40);
    const joined = join.mock.calls.length;
    vi.restoreAllMocks();
    expect(list).toBe('h0, h1, h2, h3, h4, h5, h6, h7, +1992');
    expect(joined).toBeLessThan(40);
  });
});
