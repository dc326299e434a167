import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    args: (directory, word) => ({
      name: 'a.b',
      value: `x${word}x`,
      sysctl_file: join(directory, word),
      reload: false,
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toBe(`a.b=x${word}x\n`),
  },
];
