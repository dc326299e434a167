import { expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

test('a module that is not there fails only where its condition holds', async () => {
  const { lines, results } = await project.run(`
- hosts: all
  tasks:
    - { name: arch, community.general.snap: { name: jq }, when: false }
    - { name: rescued, acme.tools.rocket: { speed: 3 }, when: true, ignore_errors: true }
    - { name: end, debug: { msg: x } }
`);
  expect(lines).toEqual(['a arch skipped', 'a rescued failed', 'a end ok']);
  expect(results[1]?.message).toContain("the module 'acme.tools.rocket' is not supported");
});

test('retries and delay may be templates', async () => {
  const { results } = await project.run(`
- hosts: all
  vars: { times: 2, pause: 0.01 }
  tasks:
    - name: tries
      command: "false"
      register: tried
      until: tried is succeeded
      retries: "{{ times }}"
      delay: "{{ pause }}"
`);
  expect(results[0]?.message).toContain('until did not hold after 3 tries');
});

test('no_log that is a template hides in any case', async () => {
  const { results } = await project.run(`
- hosts: all
  vars: { quiet: false }
  tasks:
    - { name: hidden, debug: { msg: treasure }, no_log: "{{ quiet }}" }
`);
  expect(JSON.stringify(results)).not.toContain('treasure');
});
