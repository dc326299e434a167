import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    before: (directory, word) => writeFileSync(join(directory, word), 'one\nkey=old\ntwo\n'),
    args: (directory, word) => ({
      path: join(directory, word),
      regexp: '^key=.*$',
      replace: `key=${word.replaceAll('\\', '\\\\')}`,
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toBe(`one\nkey=${word}\ntwo\n`),
  },
];
