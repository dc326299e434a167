import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestModule } from 'vitest/node';

/** What became of one file of tests. */
export interface FileResult {
  readonly file: string;
  /** With what it sets up and tears down. */
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  /** Each test with the names of what it is in, `describe > test`. */
  readonly tests: readonly { readonly name: string; readonly passed: boolean }[];
  /** Why a test failed, or the file itself, in its first lines. */
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
}

/** A vitest reporter that leaves a list of FileResult, as JSON, in the file that TEST_RESULTS names; tally.ts reads it. */
export default class ResultsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const { TEST_RESULTS } = process.env;
    if (TEST_RESULTS === undefined) throw new Error('TEST_RESULTS names no file for the results');
    writeFileSync(TEST_RESULTS, JSON.stringify(modules.map(resultOf)));
  }
}

function resultOf(module: TestModule): FileResult {
  const { prepareDuration, environmentSetupDuration, setupDuration, collectDuration, duration } =
    module.diagnostic();
  const tests = [...module.children.allTests()];
  const states = tests.map((test) => test.result().state);
  const failed = states.filter((state) => state === 'failed').length;
  // A file that cannot be loaded, or a hook outside its tests, fails without a failed test of its own.
  const broken = failed === 0 && !module.ok();
  const milliseconds =
    prepareDuration + environmentSetupDuration + setupDuration + collectDuration + duration;
  return {
    file: relative(process.cwd(), module.moduleId),
    seconds: milliseconds / 1000,
    passed: states.filter((state) => state === 'passed').length,
    failed: broken ? 1 : failed,
    tests: tests.map((test) => ({ name: test.fullName, passed: test.result().state === 'passed' })),
    failures: [
      ...tests.flatMap((test) => reasonsOf(test.fullName, test.result().errors)),
      ...reasonsOf('', module.errors()),
    ],
  };
}

// Colours apart: what is printed may be read without a terminal. The difference of two values says more than "not equal".
function reasonsOf(
  name: string,
  errors: readonly { readonly message: string; readonly diff?: string }[] = [],
) {
  return errors.map(({ message, diff = '' }) => {
    const [why, difference] = [message.slice(0, 1500), diff.slice(0, 1500)];
    return { name, reason: stripVTControlCharacters(`${why}\n${difference}`).trimEnd() };
  });
}
