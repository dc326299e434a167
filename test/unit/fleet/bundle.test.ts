import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Bundle, roleFolders, unpack } from '../../../src/fleet/bundle.ts';
import { FleetKey } from '../../../src/fleet/sealing.ts';
import { loadPlaybook } from '../../../src/language/playbook-loader.ts';
import { folder } from '../../helpers/cli/command.ts';
import { filters, resources } from '../../helpers/resources/all-resources.ts';

const pem = '-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n';

test('takes what a play may need, and no private key of ssh, whatever its form', async () => {
  const directory = folder({
    'site.yml': 'import_playbook: none\n',
    'p.yml': `inventory: { all: { hosts: { a: { ansible_ssh_private_key_file: named } }, vars: { ansible_connection: ssh } } }
plays: [{ hosts: all, tasks: [{ copy: { src: tls.key, dest: /x } }] }]
`,
    'tls.key': pem,
    openssh: '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n',
    old: pem,
    'old.pub': 'ssh-rsa AAAA\n',
    named: pem,
  });
  const playbook = await loadPlaybook(`${directory}/p.yml`, {
    ...{ inventories: [], extraVars: [], tags: [], skipTags: [], resources, filters },
    limit: undefined,
  });
  const key = new FleetKey(await FleetKey.generate());
  const { files } = Bundle.of(playbook, { shipped: [], more: [], key });
  const names = files.map(({ path }) => path.slice(directory.length + 1)).toSorted();
  expect(names).toEqual(['old.pub', 'p.yml', 'site.yml', 'tls.key']);
});

test('a worker finds roles where the machine that hands over found them', async () => {
  const directory = folder({
    'p.yml': '- hosts: localhost\n  roles: [shared]\n',
    'main.yml': '- debug: { msg: x }\n',
  });
  const tasks = `${directory}/elsewhere/shared/tasks`;
  mkdirSync(tasks, { recursive: true });
  renameSync(`${directory}/main.yml`, `${tasks}/main.yml`);
  const load = (place: string, rolesPath: readonly string[]) =>
    loadPlaybook(join(place, directory, 'p.yml'), {
      ...{ inventories: [], extraVars: [], tags: [], skipTags: [], resources, filters },
      ...{ limit: undefined, rolesPath },
    });
  const playbook = await load('/', [`${directory}/elsewhere`]);
  const key = new FleetKey(await FleetKey.generate());
  const { files, contents } = Bundle.of(playbook, { shipped: [], more: [], key });
  const worker = folder({});
  await unpack(worker, files, contents);
  const folders = roleFolders(playbook).map((one) => join(worker, one));
  expect((await load(worker, folders)).plays[0]?.roles.map(({ name }) => name)).toEqual(['shared']);
  await expect(load(worker, [])).rejects.toThrow("there is no role 'shared'");
});
