// tally.ts FILE...: adds up vitest's JSON results and prints `N passed, N failed`; fails unless all passed.
import { readFileSync } from 'node:fs';

interface FileResult {
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly FileResult[];
}

/** A file that cannot be loaded, or a hook outside its tests, fails without a failed test of its own. */
function brokenFile({ status, assertionResults }: FileResult): boolean {
  return status === 'failed' && !assertionResults.some((result) => result.status === 'failed');
}

let passed = 0;
let failed = 0;
for (const file of process.argv.slice(2)) {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
    passed += results.numPassedTests;
    failed += results.numFailedTests + results.testResults.filter(brokenFile).length;
  } catch (error) {
    failed += 1;
    console.log(`vitest left no result: ${error instanceof Error ? error.message : error}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
