import { existsSync, mkdirSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import type { RunRequest } from '../../../src/runner/request.ts';
import { projectWithSudo } from '../../helpers/runner/fake-sudo.ts';

// A sudo that leaves the state of each user in a directory of its own, as their homes would.
const project = projectWithSudo(
  ({ directory }) =>
    `PROVISION_STATE='${directory}'/state-of-$user PROVISION_RUN='${directory}'/run-of-$user exec "$@"`,
);
beforeEach(() => mkdirSync(project.path('state')));

/** What users keep a handler that a failed run owes. */
async function stateOwners(play: string, options: Partial<RunRequest> = {}): Promise<readonly string[]> {
  const { results } = await project.run(
    `
- hosts: all
  gather_facts: false
${play.replace(/^/gm, '  ')}
  tasks:
    - name: seen from inside
      command: test -e {{ lock }}/holder
      changed_when: false
    - name: config
      copy: { dest: DIR/config, content: x }
      notify: restart
    - name: trouble
      command: "false"
  handlers:
    - name: restart
      command: "true"
`,
    options,
  );
  expect(results.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'seen from inside ok',
    'config changed',
    'trouble failed',
  ]);
  return ['state', 'state-of-anna'].filter((name) => existsSync(project.path(name, 'handlers')));
}

describe('lock and handlers of a host lie where', () => {
  test.each([
    ['nobody becomes anybody: with who logs in', 'vars: { lock: DIR/run }', 'state'],
    [
      'the variables of the host say so',
      'vars: { lock: DIR/run-of-anna, ansible_become: yes, ansible_become_user: anna }',
      'state-of-anna',
    ],
    [
      'a template of the play says so',
      'become: "{{ privileged }}"\nbecome_user: "{{ who }}"\nvars: { lock: DIR/run-of-anna, privileged: true, who: anna }',
      'state-of-anna',
    ],
    [
      'a template of the play says no, whatever the inventory says',
      'become: "{{ privileged }}"\nvars: { lock: DIR/run, privileged: false, ansible_become: true }',
      'state',
    ],
  ])('%s', async (_name, play, kept) => {
    expect(await stateOwners(play)).toEqual([kept]);
  });

  test('ansible_become says so, and the command line who', async () => {
    const become = { enabled: false, user: 'anna' };
    const play = 'vars: { lock: DIR/run-of-anna, ansible_become: true }';
    expect(await stateOwners(play, { become })).toEqual(['state-of-anna']);
  });

  test('the command line says so', async () => {
    const become = { enabled: true, user: 'anna' };
    expect(await stateOwners('vars: { lock: DIR/run-of-anna }', { become })).toEqual(['state-of-anna']);
  });

  test('the play itself does not become, although the command line would', async () => {
    const become = { enabled: true, user: 'anna' };
    expect(await stateOwners('become: false\nvars: { lock: DIR/run }', { become })).toEqual(['state']);
  });

  test('who logs in keeps them when facts decide: they come with the lock', async () => {
    const play = 'become: "{{ ansible_user_id == \'nobody-at-all\' }}"\nvars: { lock: DIR/run }';
    expect(await stateOwners(play)).toEqual(['state']);
  });
});
