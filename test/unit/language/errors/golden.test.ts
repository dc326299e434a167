import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Problem, ProvisionError } from '../../../../src/errors/problem.ts';
import { formatProblems } from '../../../../src/errors/problem-text.ts';
import { loadPlaybook } from '../../../../src/language/playbook-loader.ts';
import { type ErrorCase, errorCases } from '../../../helpers/errors/error-cases.ts';

// Paths are shown from the working directory; here from the case, so that a golden file can be read on its own.
function fromCase<T>(value: T, directory: string): T {
  const short = relative(process.cwd(), directory);
  return JSON.parse(JSON.stringify(value).replaceAll(`${directory}/`, '').replaceAll(`${short}/`, ''));
}

async function problemsOf({ playbook, options, directory }: ErrorCase): Promise<string> {
  try {
    await loadPlaybook(playbook, options);
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    const sources = new Map(fromCase([...error.sources], directory));
    const problems: readonly Problem[] = fromCase(error.problems, directory);
    return `${formatProblems(problems, sources, { colour: false, width: 110 })}\n`;
  }
  return 'no problem\n';
}

describe('errors of the language', () => {
  test('there are cases', () => expect(errorCases.length).toBeGreaterThanOrEqual(30));

  test.each(errorCases)('$name', async (one) => {
    await expect(await problemsOf(one)).toMatchFileSnapshot(join(one.directory, 'expected.txt'));
  });
});
