import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { quote } from '../../../../src/shell/quote.ts';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    before: (directory) => writeFileSync(join(directory, 'there'), ''),
    args: (directory, word) => ({
      cmd: `${quote(`my ${word}`)} ${quote(word)}`,
      chdir: directory,
      creates: join(directory, 'made'),
    }),
    extra: () => ({
      source_file: { path: 'x', content: Buffer.from('#!/bin/sh\nprintf %s "$1" >made\n') },
    }),
    after: (directory, word) => expect(contentOf(directory, 'made')).toBe(word),
  },
];
