import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    before: (directory, word) => writeFileSync(join(directory, word), 'ann:x\n'),
    args: (directory, word) => ({
      path: join(directory, word),
      name: 'joe',
      password: word,
      crypt_scheme: 'plaintext',
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toBe(`ann:x\njoe:${word}\n`),
  },
];
