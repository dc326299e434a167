import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf, sourceOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    before: (directory, word) => writeFileSync(join(directory, word), 'old\n'),
    args: (directory, word) => ({
      src: 'x.j2',
      dest: join(directory, word),
      backup: true,
      validate: `test -f %s -a x = 'x'`,
    }),
    extra: sourceOf,
    after: (directory, word) => expect(contentOf(directory, word)).toBe(`${word}\n`),
  },
];
