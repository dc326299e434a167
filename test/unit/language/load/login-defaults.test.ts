import { expect, test } from 'vitest';
import { connectionOf } from '../../../../src/language/evaluate/connection-variables.ts';
import { load } from '../../../helpers/language/project.ts';

const playbook = `
inventory: { hosts: { plain: {}, own: { ansible_user: root, ansible_ssh_private_key_file: /own } } }
plays:
  - hosts: plain
    tasks: []
`;

test('-u and --private-key count where neither inventory nor play says otherwise', async () => {
  const login = { user: 'anna', privateKey: '/given' };
  const loaded = await load({ 'playbook.yml': playbook }, { login });
  expect(connectionOf(loaded, 'plain')).toMatchObject({ user: 'anna', identityFile: '/given' });
  expect(connectionOf(loaded, 'own')).toMatchObject({ user: 'root', identityFile: '/own' });
  const played = playbook.replace('tasks: []', 'tasks: []\n    remote_user: berta');
  const other = await load({ 'playbook.yml': played }, { login });
  expect(connectionOf(other, 'plain')).toMatchObject({ user: 'berta', identityFile: '/given' });
});

test('user, the older word for remote_user, and a template in it', async () => {
  const words = 'tasks: []\n    user: "{{ who }}a"\n    vars: { who: bert }';
  const loaded = await load({ 'playbook.yml': playbook.replace('tasks: []', words) });
  expect(connectionOf(loaded, 'plain')).toMatchObject({ user: 'berta', problems: [] });
});
