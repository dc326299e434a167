import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    before: (directory, word) => writeFileSync(join(directory, word), '[s]\nkey=old\n'),
    args: (directory, word) => ({
      path: join(directory, word),
      section: 's',
      option: 'key',
      value: `x${word}x`,
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toBe(`[s]\nkey = x${word}x\n`),
  },
];
