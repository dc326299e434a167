import { expect, test } from 'vitest';
import { runTimes } from '../../../src/resources/commands/run-times.ts';

const began = new Date(2026, 10, 28, 23, 59, 7, 123).getTime();

test.each([
  [0, '0:00:00.000000', '2026-11-28 23:59:07.123000'],
  [12.345, '0:00:00.012345', '2026-11-28 23:59:07.135345'],
  [3_723_004, '1:02:03.004000', '2026-11-29 01:01:10.127000'],
  [90_061_000, '1 day, 1:01:01.000000', '2026-11-30 01:00:08.123000'],
  [200_000_000, '2 days, 7:33:20.000000', '2026-12-01 07:32:27.123000'],
])('%d ms are %s', (lasted, delta, end) => {
  expect(runTimes({ ran: { began, lasted } })).toEqual({ start: '2026-11-28 23:59:07.123000', end, delta });
});

test('what was not run has no times', () => {
  expect(runTimes({})).toEqual({ start: null, end: null, delta: null });
});
