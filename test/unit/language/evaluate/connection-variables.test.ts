import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
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
  [
    '{ansible_ssh_host: 10.0.0.5, ansible_ssh_port: 2222, ansible_ssh_user: pi, ansible_user: root}',
    { kind: 'ssh', address: '10.0.0.5', port: 2222, user: 'pi' },
  ],
  ['{ansible_ssh_private_key_file: ~/.ssh/key}', { kind: 'ssh', identityFile: `${homedir()}/.ssh/key` }],
  ['{ansible_become_password: secret}', { kind: 'ssh', becomePassword: 'secret' }],
  ['{ansible_become_pass: 1234}', { kind: 'ssh', becomePassword: '1234' }],
  ['{ansible_become_method: sudo}', { kind: 'ssh' }],
  ['{ansible_become_method: ansible.builtin.su}', { kind: 'ssh', becomeMethod: 'su' }],
  ['{ansible_become_method: community.general.doas}', { kind: 'ssh', becomeMethod: 'doas' }],
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

describe('become_method of plays and tasks', () => {
  const become = (...plays: readonly string[]) => ({
    'site.yml': `inventory: {all: {hosts: {h1: {}, h2: {ansible_become_method: sudo}}}}\nplays:\n${plays.map((play) => `  - {hosts: [h1, h2], ${play}}\n`).join('')}`,
  });
  const task = (words: string) => `tasks: [{command: id, changed_when: false, ${words}}]`;

  test.each([
    ['of a play', [task('become: true'), `become_method: doas, ${task('become: true')}`]],
    ['of a task', [task('become: true, become_method: doas')]],
    ['of a block', ['tasks: [{become_method: doas, block: [{debug: }]}]']],
  ])('%s is that of the host, and a variable wins', async (_of, plays) => {
    const playbook = await load(become(...plays));
    expect(connectionOf(playbook, 'h1')).toEqual({
      kind: 'ssh',
      becomeMethod: 'doas',
      problems: [],
      warnings: [],
    });
    expect(connectionOf(playbook, 'h2')).toEqual({ kind: 'ssh', problems: [], warnings: [] });
  });

  test('two for one host are refused, with both places', async () => {
    const problems = await problemsOf(become(`become_method: doas, ${task('become_method: su')}`));
    expect(problems).toEqual([
      expect.objectContaining({
        message: "become_method is 'su' here and 'doas' for other tasks of the same host",
        at: expect.objectContaining({ line: 3, column: expect.any(Number) }),
        why: expect.stringMatching(/^'doas' stands in .*site\.yml:3; a host has one method/),
      }),
    ]);
  });
});

test('what has no effect is a warning', async () => {
  const playbook = await load(site('{ansible_python_interpreter: /usr/bin/python3}'));
  expect(connectionOf(playbook, 'h1').warnings).toEqual([
    'h1: ansible_python_interpreter has no effect: hosts need no Python',
  ]);
});

test.each<[string, string, string]>([
  ['{ansible_sudo_user: x}', "'ansible_sudo_user' is an old name", 'write ansible_become_user'],
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
  [
    '{ansible_become_method: pbrun}',
    "becoming another user with 'pbrun' is not supported",
    'choose one of: doas, su, sudo',
  ],
  ['{ansible_host: "{{ nte }}", net: 10.0.0.1}', "the variable 'nte' is not defined", "did you mean 'net'?"],
])('%s is refused', async (variables, message, hint) => {
  const problems = await problemsOf(site(variables));
  expect(problems).toEqual([
    expect.objectContaining({ message, at: expect.objectContaining({ line: 1 }), ...(hint && { hint }) }),
  ]);
});
