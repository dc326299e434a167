import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

// What an archive holds is named with the word; so are the archive and its place.
function packed(directory: string, word: string): void {
  const source = join(directory, 'source');
  mkdirSync(join(source, `in ${word}`), { recursive: true });
  mkdirSync(join(directory, `to ${word}`));
  writeFileSync(join(source, `in ${word}`, 'file'), word);
}

export const cases: readonly ContractCase[] = [
  {
    before: (directory, word) => {
      packed(directory, word);
      execFileSync('tar', ['-czf', join(directory, `a ${word}`), '-C', join(directory, 'source'), '.']);
    },
    args: (directory, word) => ({
      src: join(directory, `a ${word}`),
      dest: join(directory, `to ${word}`),
      remote_src: true,
      mode: 'u=rwX,g=rX,o=',
    }),
    after: (directory, word) => expect(contentOf(directory, `to ${word}/in ${word}/file`)).toBe(word),
  },
];
