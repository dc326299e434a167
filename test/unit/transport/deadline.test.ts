import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Deadline } from '../../../src/transport/deadline.ts';

const late = () => new Error('too late');

test('ends work that takes too long, and says so through its signal', async () => {
  const deadline = new Deadline(30);
  await expect(
    deadline.race(sleep(2000, 'done', { signal: AbortSignal.timeout(200) }), late),
  ).rejects.toThrow('too late');
  expect(deadline.signal.aborted).toBe(true);
  await expect(deadline.race(Promise.resolve('done'), late)).rejects.toThrow('too late');
});

test('lets quick work through, with its own errors', async () => {
  const deadline = new Deadline(1000);
  expect(await deadline.race(Promise.resolve('done'), late)).toBe('done');
  await expect(deadline.race(Promise.reject(new Error('own')), late)).rejects.toThrow('own');
  deadline.clear();
});

test('stands still while paused, also when pauses overlap', async () => {
  const deadline = new Deadline(80);
  await Promise.all([deadline.pausedFor(() => sleep(100)), deadline.pausedFor(() => sleep(200))]);
  expect(deadline.signal.aborted).toBe(false);
  await expect(deadline.race(sleep(1000), late)).rejects.toThrow('too late');
});

test('does not end after it was cleared, even by a pause that ends later', async () => {
  const deadline = new Deadline(20);
  const pause = deadline.pausedFor(() => sleep(40));
  deadline.clear();
  await pause;
  await sleep(60);
  expect(deadline.signal.aborted).toBe(false);
});
