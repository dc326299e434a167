import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    before: (directory, word) => {
      execFileSync('openssl', ['genpkey', '-algorithm', 'ED25519', '-out', join(directory, word)]);
    },
    args: (directory, word) => ({
      path: join(directory, `${word}.pub`),
      privatekey_path: join(directory, word),
      privatekey_passphrase: word,
    }),
    after: (directory, word) => expect(contentOf(directory, `${word}.pub`)).toContain('BEGIN PUBLIC KEY'),
  },
];
