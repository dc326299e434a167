import { homedir } from 'node:os';
import { expect, test } from 'vitest';
import { connectionOf } from '../../../../src/language/evaluate/connection-variables.ts';
import { load, problemsOf } from '../../../helpers/language/written-playbook.ts';

const site = (variables: string, play = ''): Record<string, string> => ({
  'site.yml': `inventory: {all: {hosts: {h1: ${variables}}}}\nplays:\n  - {hosts: h1${play}, tasks: []}\n`,
});

test.each<[string, object]>([
  ['{}', { kind: 'ssh' }],
  [
    '{ansible_host: 10.0.0.1, ansible_port: "2222", ansible_user: ann}',
    { kind: 'ssh', address: '10.0.0.1', port: 2222, user: 'ann' },
  ],
  ['{ansible_host: "{{ net }}.1", net: 10.0.0}', { kind: 'ssh', address: '10.0.0.1' }],
  ['{ansible_host: "fd00::1"}', { kind: 'ssh', address: 'fd00::1' }],
  ['{ansible_host: "[fd00::1]"}', { kind: 'ssh', address: 'fd00::1' }],
  ['{ansible_connection: local}', { kind: 'local' }],
  ['{ansible_connection: smart}', { kind: 'ssh' }],
  ['{ansible_ssh_private_key_file: ~/.ssh/key}', { kind: 'ssh', identityFile: `${homedir()}/.ssh/key` }],
  ['{ansible_become_password: secret}', { kind: 'ssh', becomePassword: 'secret' }],
  ['{ansible_become_pass: 1234}', { kind: 'ssh', becomePassword: '1234' }],
])('%s', async (variables, expected) => {
  expect(connectionOf(await load(site(variables)), 'h1')).toEqual({
    ...expected,
    problems: [],
    warnings: [],
  });
});

test('the play may say how to connect', async () => {
  const playbook = await load(site('{}', ', vars: {ansible_user: bob}'));
  expect(connectionOf(playbook, 'h1')).toMatchObject({ user: 'bob' });
});

test('what has no effect is a warning', async () => {
  const playbook = await load(site('{ansible_python_interpreter: /usr/bin/python3}'));
  expect(connectionOf(playbook, 'h1').warnings).toEqual([
    'h1: ansible_python_interpreter has no effect: hosts need no Python',
  ]);
});

test.each<[string, string, string]>([
  ['{ansible_ssh_host: x}', "'ansible_ssh_host' is an old name", 'write ansible_host'],
  ['{ansible_connection: winrm}', "the connection 'winrm' is not supported", 'choose one of: local, ssh'],
  ['{ansible_port: abc}', "ansible_port must be a number from 1 to 65535, not 'abc'", ''],
  [
    '{ansible_ssh_common_args: -o x}',
    "'ansible_ssh_common_args' is not supported",
    'write it into ~/.ssh/config for this host',
  ],
  [
    '{ansible_password: x}',
    "'ansible_password' is not supported",
    'use a key; passwords are not sent to hosts',
  ],
  ['{ansible_become_method: su}', "becoming another user with 'su' is not supported", 'use sudo'],
  ['{ansible_host: "{{ nte }}", net: 10.0.0.1}', "the variable 'nte' is not defined", "did you mean 'net'?"],
])('%s is refused', async (variables, message, hint) => {
  const problems = await problemsOf(site(variables));
  expect(problems).toEqual([
    expect.objectContaining({ message, at: expect.objectContaining({ line: 1 }), ...(hint && { hint }) }),
  ]);
});
