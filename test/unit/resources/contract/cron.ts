import { join } from 'node:path';
import { expect } from 'vitest';
import { type ContractCase, contentOf } from '../../../helpers/resources/contract-case.ts';
import { FakeCrontab } from '../../../helpers/resources/fake-crontab.ts';

export const cases: readonly ContractCase[] = [
  {
    before: (directory, word) => new FakeCrontab(directory).write('root', `# ${word}\n`),
    environment: FakeCrontab.environmentOf,
    args: (_directory, word) => ({ name: word, job: word, minute: 5 }),
    after: (directory, word) =>
      expect(contentOf(directory, 'spool/root')).toBe(`# ${word}\n#Ansible: ${word}\n5 * * * * ${word}\n`),
  },
  {
    args: (directory, word) => ({
      name: 'WORD',
      value: word,
      env: true,
      user: 'root',
      cron_file: join(directory, word),
    }),
    after: (directory, word) => expect(contentOf(directory, word)).toBe(`WORD="${word}"\n`),
  },
];
