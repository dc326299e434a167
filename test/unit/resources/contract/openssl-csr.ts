import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    before: (directory) => {
      const curve = ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
      execFileSync('openssl', [...curve, '-out', join(directory, 'key')], { stdio: 'ignore' });
    },
    args: (directory, word) => ({
      path: join(directory, word),
      privatekey_path: join(directory, 'key'),
      organization_name: word.slice(0, 64),
      common_name: 'host',
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toContain('BEGIN CERTIFICATE REQUEST'),
  },
];
