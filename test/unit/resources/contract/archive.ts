import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ContractCase } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    before(directory, word) {
      mkdirSync(join(directory, word));
      writeFileSync(join(directory, word, word), 'x\n');
    },
    args: (directory, word) => ({
      path: join(directory, word),
      dest: join(directory, 'made.tar'),
      format: 'tar',
    }),
    after: (directory, word) =>
      expect(
        execFileSync('tar', ['-tf', join(directory, 'made.tar'), '--quoting-style=literal'], {
          encoding: 'utf8',
        }),
      ).toBe(`${word}/${word}\n`),
  },
];
