import type { FileResult } from './results-reporter.ts';

/** The table, and what is wrong with it. */
export interface PromiseTable {
  /** A line of heads, then one for each promise: words, cases tried, cases held. */
  readonly lines: readonly string[];
  /** Promises with a case that did not hold, and entries for which no test ran, as sentences. */
  readonly broken: readonly string[];
}

/** Counts for each promise the tests that try it; a test that was skipped is one that did not hold. */
export function promiseTable(
  promises: Readonly<Record<string, readonly string[]>>,
  results: readonly FileResult[],
): PromiseTable {
  const byFile = new Map(results.map((result) => [result.file, result]));
  const broken: string[] = [];
  const rows = Object.entries(promises).map(([words, entries]) => {
    if (entries.length === 0) broken.push(`nothing tries: ${words}`);
    // Two entries may name one test.
    const tried = new Set<FileResult['tests'][number]>();
    for (const entry of entries) {
      const [file = '', part = ''] = entry.split(/: (.*)/s, 2);
      const found = (byFile.get(file)?.tests ?? []).filter(({ name }) => name.includes(part));
      if (found.length === 0) broken.push(`no test ran for '${entry}' of: ${words}`);
      for (const test of found) tried.add(test);
    }
    const held = [...tried].filter((test) => test.passed).length;
    if (held < tried.size) broken.push(`not kept: ${words}`);
    return [words, tried.size, held] as const;
  });
  const width = Math.max(...['promise', ...rows.map(([words]) => words)].map((words) => words.length));
  const line = (words: string, tried: string | number, held: string | number): string =>
    `${words.padEnd(width)}  ${String(tried).padStart(5)}  ${String(held).padStart(5)}`;
  return { lines: [line('promise', 'tried', 'held'), ...rows.map((row) => line(...row))], broken };
}
