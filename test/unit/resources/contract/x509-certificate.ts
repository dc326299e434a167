import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';

export const cases: readonly ContractCase[] = [
  {
    before: (directory, word) => {
      const run = (...words: readonly string[]) =>
        execFileSync('openssl', words, { cwd: directory, stdio: 'ignore' });
      run('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-out', `./${word}.key`);
      run('req', '-new', '-batch', '-subj', '/CN=host', '-key', `./${word}.key`, '-out', `./${word}.csr`);
    },
    args: (directory, word) => ({
      path: join(directory, word),
      provider: 'selfsigned',
      privatekey_path: join(directory, `${word}.key`),
      csr_path: join(directory, `${word}.csr`),
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toContain('BEGIN CERTIFICATE'),
  },
];
