import { type ProgramCount, totalOf } from './program-count.ts';

/** The programs that a host started, the most frequent first, ten or so a line. */
export function programList(host: string, count: ProgramCount): string {
  const sorted = [...count.programs].toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b));
  const words = sorted.map(([name, times]) => `${times} ${name}`);
  const lines = [''];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > 90) lines.push(`  ${word}`);
    else lines[lines.length - 1] = last === '' ? `  ${word}` : `${last}, ${word}`;
  }
  return [`${host}: ${totalOf(count)} programs, ${count.forks} forks`, ...lines].join('\n');
}
