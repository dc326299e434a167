import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    args: (directory, word) => ({ dest: join(directory, word), content: `${word}\n`, mode: '0640' }),
    after: (directory, word) => expect(contentOf(directory, word)).toBe(`${word}\n`),
  },
  {
    before: (directory, word) => writeFileSync(join(directory, word), 'old\n'),
    args: (directory, word) => ({
      dest: `${directory}/in/${word}/`,
      src: join(directory, word),
      remote_src: true,
    }),
    after: (directory, word) => expect(contentOf(directory, `in/${word}/${word}`)).toBe('old\n'),
  },
  {
    before(directory, word) {
      mkdirSync(join(directory, word, word), { recursive: true });
      writeFileSync(join(directory, word, word, word), 'x');
    },
    args: (directory, word) => ({
      dest: `${directory}/to/${word}/`,
      src: join(directory, word),
      remote_src: true,
    }),
    after: (directory, word) => expect(contentOf(directory, `to/${word}/${word}/${word}/${word}`)).toBe('x'),
  },
  {
    args: (directory, word) => ({ dest: join(directory, word), src: `${word}/` }),
    extra: (word) => ({
      source_tree: {
        path: word,
        directories: [word],
        files: [{ name: `${word}/${word}`, content: Buffer.from('x'), mode: 0o644 }],
      },
    }),
    after: (directory, word) => expect(contentOf(directory, `${word}/${word}/${word}`)).toBe('x'),
  },
];
