import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { countPrograms, type ProgramCount, totalOf } from './program-count.ts';
import { programList } from './program-list.ts';
import type { Timed } from './timed.ts';

/** Runs a command and counts what the dearest client started meanwhile; its list goes to WORK/programs under `title`. */
export function clientPrograms(
  work: string,
  title: string,
  command: () => Timed,
): { readonly done: Timed; readonly programs: number; readonly forks: number } {
  let done: Timed = { time: 0, stdout: '', stderr: '' };
  const counts = countPrograms(process.env.LAB_NS ?? '', () => {
    done = command();
  });
  const [host, count] = [...counts]
    .filter(([name]) => name !== 'h1')
    .reduce<readonly [string, ProgramCount]>(
      (most, next) => (totalOf(next[1]) > totalOf(most[1]) ? next : most),
      ['none', { programs: new Map(), forks: 0 }],
    );
  appendFileSync(join(work, 'programs'), `\n${title}\n${programList(host, count)}\n`);
  return { done, programs: totalOf(count), forks: count.forks };
}
