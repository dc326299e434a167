import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    args: (directory, word) => ({ path: join(directory, word, word), state: 'directory', mode: '0750' }),
    after: (directory, word) => expect(existsSync(join(directory, word, word))).toBe(true),
  },
  {
    args: (directory, word) => ({ path: join(directory, word), state: 'link', src: word }),
    after: (directory, word) => expect(() => symlinkSync(word, join(directory, word))).toThrow('EEXIST'),
  },
  {
    before: (directory, word) => {
      mkdirSync(join(directory, word));
      writeFileSync(join(directory, word, word), '');
    },
    args: (directory, word) => ({ path: join(directory, word), state: 'absent' }),
    after: (directory, word) => expect(existsSync(join(directory, word))).toBe(false),
  },
  {
    before: (directory, word) => {
      mkdirSync(join(directory, word, word), { recursive: true });
      writeFileSync(join(directory, word, word, 'x'), '');
      chmodSync(join(directory, word, word), 0o700);
    },
    args: (directory, word) => ({
      path: join(directory, word),
      state: 'directory',
      recurse: true,
      mode: 'u=rwX,go=rX',
    }),
    after: (directory, word) => expect(contentOf(directory, `${word}/${word}/x`)).toBe(''),
  },
  {
    before: (directory, word) => writeFileSync(join(directory, 'source'), word),
    args: (directory, word) => ({
      path: join(directory, word),
      state: 'hard',
      src: join(directory, 'source'),
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toBe(word),
  },
  {
    args: (directory, word) => ({
      path: join(directory, word),
      state: 'touch',
      access_time: 'preserve',
      modification_time: 'preserve',
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toBe(''),
  },
];
