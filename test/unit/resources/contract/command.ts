import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    args: (directory, word) => ({
      argv: ['touch', '--', word],
      expand_argument_vars: false,
      chdir: directory,
      creates: word.replace(/[*?[\]]/g, '?'),
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toBe(''),
  },
];
