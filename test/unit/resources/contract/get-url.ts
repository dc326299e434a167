import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    before: (directory, word) => writeFileSync(join(directory, 'source'), word),
    args: (directory, word) => ({
      url: `file://${directory}/source`,
      dest: join(directory, word),
      mode: '0604',
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toBe(word),
  },
];
