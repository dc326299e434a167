import { expect, test } from 'vitest';
import { Bundle } from '../../../src/fleet/bundle.ts';
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
