import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { uninstallingPlaybook } from '../../../../../src/domains/tls-logs/commands/uninstall/uninstalling-playbook.ts';
import { loadPlaybook } from '../../../../../src/language/playbook-loader.ts';
import { folder, provision } from '../../../../helpers/cli/command.ts';
import { filters, resources } from '../../../../helpers/resources/all-resources.ts';

const homeLab = join(import.meta.dirname, '../../../../../playbooks/home-lab.yml');

test('of home-lab.yml the two plays are left that take back, clients first', async () => {
  const options = { inventories: [], extraVars: [], limit: undefined, tags: [], skipTags: [] };
  const { plays } = uninstallingPlaybook(await loadPlaybook(homeLab, { ...options, resources, filters }));
  expect(plays.map(({ name, hosts }) => `${name}: ${hosts.join(', ')}`)).toEqual([
    'Uninstall, the log clients send as before: h2, h3',
    'Uninstall, the log server receives as before: logs',
  ]);
});

describe('what is said before anything is done', () => {
  const other = `inventory: {hosts: {one: {ansible_connection: local}}}
plays:
  - hosts: one
    gather_facts: false
    tasks:
      - debug: {msg: always}
        tags: always
`;
  test.each<[what: string, args: readonly string[], said: string]>([
    ['a playbook without such plays', ['--yes'], 'sets up nothing that can be uninstalled'],
    ['no terminal', [], 'there is no terminal to ask on: add --yes'],
    ['JSON', ['--json'], '--json leaves no room for a question: add --yes'],
    ['tags', ['--yes', '-t', 'x'], 'leave out --tags and --skip-tags'],
  ])('%s', async (_what, args, said) => {
    const cwd = folder({ 'other.yml': other });
    const { code, stdout, stderr } = await provision(['uninstall', 'other.yml', ...args], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(said);
  });
});
