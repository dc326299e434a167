// tally.ts SECONDS FILE...: adds up what results-reporter.ts left in FILEs. Prints the ten slowest files, how long all took
// (SECONDS), the table of promises, why tests failed, and last `N passed, N failed`; fails unless all passed and every promise was tried.
import { readFileSync } from 'node:fs';
import { promiseTable } from './promise-table.ts';
import { promises } from './promises.ts';
import type { FileResult } from './results-reporter.ts';

const [total, ...files] = process.argv.slice(2);
let unread = 0;
const results = files.flatMap((file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as readonly FileResult[];
  } catch (error) {
    unread += 1;
    console.log(`vitest left no result: ${error instanceof Error ? error.message : error}`);
    return [];
  }
});
const slowest = results.toSorted((one, other) => other.seconds - one.seconds).slice(0, 10);
for (const { file, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(7)} s  ${file}`);
console.log(`${String(total).padStart(7)} s  in all, several files at once`);

const { lines, broken } = promiseTable(promises, results);
console.log(`\n${lines.join('\n')}\n`);
for (const sentence of broken) console.log(sentence);

// At the end: whoever keeps only the last part of what was printed has the reasons in it.
for (const { file, failures } of results)
  for (const { name, reason } of failures)
    console.log(`FAILED ${file} ${name}\n  ${reason.replace(/\n/g, '\n  ')}`);

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = unread + results.reduce((sum, result) => sum + result.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 && broken.length === 0 ? 0 : 1;
