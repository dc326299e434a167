import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

const id = (word: string) => word.replaceAll(/[\]\n]/g, '');

export const cases: readonly ContractCase[] = [
  {
    args: (directory, word) => ({
      name: id(word),
      file: word.replaceAll('/', '_'),
      description: word,
      baseurl: [`http://${word}`],
      reposdir: directory,
    }),
    after: (directory, word) =>
      expect(contentOf(directory, join(`${word.replaceAll('/', '_')}.repo`))).toContain(
        `[${id(word)}]\nbaseurl = `,
      ),
  },
];
