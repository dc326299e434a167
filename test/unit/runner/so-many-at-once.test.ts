import { expect, test } from 'vitest';
import { soManyAtOnce } from '../../../src/runner/so-many-at-once.ts';

const pause = () => new Promise((resolve) => setImmediate(resolve));

test('no more than so many are worked on at once', async () => {
  let busy = 0;
  let most = 0;
  const done: number[] = [];
  await soManyAtOnce(3, [1, 2, 3, 4, 5, 6, 7], async (one) => {
    most = Math.max(most, ++busy);
    await pause();
    busy--;
    done.push(one);
  });
  expect(most).toBe(3);
  expect(done).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test('after an error nothing new is begun', async () => {
  const begun: number[] = [];
  const work = soManyAtOnce(2, [1, 2, 3, 4], async (one) => {
    begun.push(one);
    await pause();
    throw new Error(`of ${one}`);
  });
  await expect(work).rejects.toThrow('of 1');
  await pause();
  expect(begun).toEqual([1, 2]);
});
