import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from './sample.ts';

const file = (work: string): string => join(work, 'samples');

/** Appends what was measured to WORK/samples, one JSON a line; nothing measured is nothing appended. */
export function keep(work: string, hosts: number, what: string, values: readonly number[]): void {
  const sample: Sample = { hosts, what, values };
  if (values.length > 0) appendFileSync(file(work), `${JSON.stringify(sample)}\n`);
}

/** What was measured so far; samples of the same thing, taken in several labs, are one. */
export function kept(work: string): readonly Sample[] {
  const merged = new Map<string, Sample>();
  for (const line of readFileSync(file(work), 'utf8').trim().split('\n')) {
    const sample = JSON.parse(line) as Sample;
    const key = `${sample.hosts} ${sample.what}`;
    merged.set(key, { ...sample, values: [...(merged.get(key)?.values ?? []), ...sample.values] });
  }
  return [...merged.values()];
}
