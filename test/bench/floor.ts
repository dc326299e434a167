import { join } from 'node:path';
import { type Timed, timed } from './timed.ts';

/** Visits so many hosts of the lab with as little as any tool over ssh2 has to do; runs on its control machine. */
export function floor(hosts: number): Timed {
  const addresses = Array.from({ length: hosts }, (_, index) => `h${index + 1}`);
  const key = join(process.env.HOME ?? '', '../id');
  return timed(process.execPath, [join(import.meta.dirname, 'visit.js'), key, ...addresses]);
}
