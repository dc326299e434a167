import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    args: (directory, word) => ({
      path: join(directory, word),
      name: 'h1',
      key: `h1 ssh-ed25519 AAAA ${word}`.replaceAll('\n', ' '),
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toMatch(/^h1 ssh-ed25519 AAAA /),
  },
];
