import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ContractCase } from '../../../helpers/resources/contract-case.ts';

const standIn = `#!/bin/sh
case $1 in
list) if [ -e done ]; then echo '{"dependencies":{"word":{"version":"1.0.0"}}}'; else echo '{}'; fi ;;
install) : >done ;;
esac
`;

export const cases: readonly ContractCase[] = [
  {
    before(directory) {
      mkdirSync(join(directory, 'bin'));
      writeFileSync(join(directory, 'bin/npm'), standIn);
      chmodSync(join(directory, 'bin/npm'), 0o755);
    },
    environment: (directory) => ({ PATH: `${join(directory, 'bin')}:${process.env.PATH}` }),
    args: (directory, word) => ({ name: 'word', path: join(directory, word) }),
    after: (directory, word) => expect(existsSync(join(directory, word, 'done'))).toBe(true),
  },
];
