import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from './sample.ts';
import type { Timed } from './timed.ts';

/** Appends the times of one command to WORK/samples, one JSON a line. */
export function keep(
  work: string,
  hosts: number,
  what: string,
  done: readonly Timed[],
  cost: Pick<Sample, 'trips' | 'changed'> = {},
): void {
  const sample: Sample = { hosts, what, times: done.map(({ time }) => time), ...cost };
  appendFileSync(join(work, 'samples'), `${JSON.stringify(sample)}\n`);
}
