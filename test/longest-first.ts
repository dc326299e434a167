import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Seconds on a quiet machine, of those that take more than a minute; a machine of its own for every run remembers nothing.
const long: Readonly<Record<string, number>> = {
  topologies: 300,
};

/** The order of test files: long ones first, so that at the end none runs alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.toSorted((one, other) => seconds(other) - seconds(one));
  }
}

function seconds({ moduleId }: TestSpecification): number {
  const name = /([^/]+)\.test\.ts$/.exec(moduleId)?.[1];
  return (name !== undefined && long[name]) || 0;
}
