import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    args: (directory, word) => ({ cmd: 'cat >done', stdin: word, chdir: directory, creates: 'done' }),
    after: (directory, word) => expect(contentOf(directory, 'done')).toBe(`${word}\n`),
  },
  {
    args: (directory, word) => ({
      cmd: `cat >done <<\\EOF\n${word}\nEOF`,
      executable: '/bin/bash',
      creates: `${directory}/d*e`,
      chdir: directory,
    }),
    after: (directory, word) => expect(contentOf(directory, 'done')).toBe(`${word}\n`),
  },
];
