import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    before: (directory, word) => {
      mkdirSync(join(directory, `${word}.d`));
      writeFileSync(join(directory, `${word}.d`, word), 'one');
      writeFileSync(join(directory, `${word}.d`, `${word}2`), 'two\n');
    },
    args: (directory, word) => ({ src: join(directory, `${word}.d`), dest: join(directory, word) }),
    after: (directory, word) => expect(contentOf(directory, word)).toBe('one\ntwo\n'),
  },
];
