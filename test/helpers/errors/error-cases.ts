import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadOptions } from '../../../src/language/load-options.ts';
import { testResources } from '../language/test-resources.ts';

/** Where they are. */
export const casesFolder = join(import.meta.dirname, '../../unit/language/errors');

/** A playbook that does not load, in a folder of its own. */
export interface ErrorCase {
  readonly name: string;
  readonly directory: string;
  readonly playbook: string;
  /** What its options.json says beside the usual; CASE in there is its folder. */
  readonly options: LoadOptions;
}

/** The usual options of a load. */
export const plainOptions: LoadOptions = {
  inventories: [],
  extraVars: [],
  limit: undefined,
  tags: [],
  skipTags: [],
  resources: testResources,
  filters: new Map(),
};

/** Every case of test/unit/language/errors: a folder with a playbook.yml is one. */
export const errorCases: readonly ErrorCase[] = readdirSync(casesFolder)
  .toSorted()
  .map((name) => ({ name, directory: join(casesFolder, name) }))
  .filter(({ directory }) => existsSync(join(directory, 'playbook.yml')))
  .map(({ name, directory }) => ({
    name,
    directory,
    playbook: join(directory, 'playbook.yml'),
    options: { ...plainOptions, ...givenOptions(directory) },
  }));

function givenOptions(directory: string): Partial<LoadOptions> {
  const file = join(directory, 'options.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8').replaceAll('CASE', directory)) : {};
}
