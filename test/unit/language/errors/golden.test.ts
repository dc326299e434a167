import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Problem, ProvisionError } from '../../../../src/errors/problem.ts';
import { formatProblems } from '../../../../src/errors/problem-text.ts';
import type { LoadOptions } from '../../../../src/language/load-options.ts';
import { loadPlaybook } from '../../../../src/language/playbook-loader.ts';
import { testResources } from '../../../helpers/language/test-resources.ts';

const here = import.meta.dirname;
const cases = readdirSync(here).filter((name) => existsSync(join(here, name, 'playbook.yml')));

function optionsOf(directory: string): LoadOptions {
  const file = join(directory, 'options.json');
  const given = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8').replaceAll('CASE', directory)) : {};
  return {
    inventories: [],
    extraVars: [],
    limit: undefined,
    tags: [],
    skipTags: [],
    resources: testResources,
    filters: new Map(),
    ...given,
  };
}

// Paths are shown from the working directory; here from the case, so that a golden file can be read on its own.
function fromCase<T>(value: T, directory: string): T {
  const short = relative(process.cwd(), directory);
  return JSON.parse(JSON.stringify(value).replaceAll(`${directory}/`, '').replaceAll(`${short}/`, ''));
}

async function problemsOf(directory: string): Promise<string> {
  try {
    await loadPlaybook(join(directory, 'playbook.yml'), optionsOf(directory));
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    const sources = new Map(fromCase([...error.sources], directory));
    const problems: readonly Problem[] = fromCase(error.problems, directory);
    return `${formatProblems(problems, sources, { colour: false, width: 110 })}\n`;
  }
  return 'no problem\n';
}

describe('errors of the language', () => {
  test('there are cases', () => expect(cases.length).toBeGreaterThanOrEqual(30));

  test.each(cases)('%s', async (name) => {
    const directory = join(here, name);
    await expect(await problemsOf(directory)).toMatchFileSnapshot(join(directory, 'expected.txt'));
  });
});
