import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    args: (directory, word) => ({ path: join(directory, word), block: `${word}\n${word}`, create: true }),
    after: (directory, word) => expect(contentOf(directory, word)).toContain(`${word}\n${word}\n`),
  },
];
