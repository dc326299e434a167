import { expect, test } from 'vitest';
import { Pace } from '../../../src/runner/pace.ts';

/** A pace whose clock goes on by what work says it takes. */
function pacedWork() {
  let now = 0;
  const pace = new Pace(() => now);
  return { pace, takes: (milliseconds: number) => (now += milliseconds) };
}

test('work for many hosts is done in stretches of some ten milliseconds, in the order in which it came', async () => {
  const { pace, takes } = pacedWork();
  const done: string[] = [];
  let stretch = 0;
  const stretches: number[] = [];
  const watch = setInterval(() => undefined, 1000);
  const turn = (): void => {
    stretches.push(stretch);
    stretch = 0;
    if (done.length < 300) setImmediate(turn);
  };
  setImmediate(turn);
  const host = async (name: number) => {
    for (const task of ['a', 'b', 'c']) {
      await pace.step();
      stretch += 3;
      takes(3);
      await undefined; // as answers that are known already
      done.push(`${task}${name}`);
    }
  };
  await Promise.all(Array.from({ length: 100 }, (_, name) => host(name)));
  clearInterval(watch);
  expect(Math.max(...stretches)).toBeLessThanOrEqual(12);
  expect(done).toHaveLength(300);
  expect(done.filter((word) => word.startsWith('a'))).toEqual(Array.from({ length: 100 }, (_, n) => `a${n}`));
  expect(done.indexOf('a99')).toBeLessThan(done.indexOf('c0'));
});

test('little work waits for nothing', async () => {
  const { pace, takes } = pacedWork();
  let waited = false;
  setImmediate(() => {
    waited = true;
  });
  for (let n = 0; n < 9; n++) {
    await pace.step();
    takes(1);
  }
  expect(waited).toBe(false);
});

test('what is begun for each is ended when all of it is, and fails as the first of it', async () => {
  const { pace, takes } = pacedWork();
  const ended: number[] = [];
  await pace.each([3, 1, 2], async (one) => {
    takes(20);
    await new Promise((resolve) => setTimeout(resolve, one * 5));
    ended.push(one);
  });
  expect(ended.toSorted()).toEqual([1, 2, 3]);
  const failing = pace.each([1, 2, 3], async (one) => {
    takes(20);
    if (one === 2) throw new Error('two');
  });
  await expect(failing).rejects.toThrow('two');
});
