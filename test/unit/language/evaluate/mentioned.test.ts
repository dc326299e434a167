import { expect, test } from 'vitest';
import { concernedHosts } from '../../../../src/runner/concerned-hosts.ts';
import { load } from '../../../helpers/language/written-playbook.ts';

const inventory = (vars = '{}') => `inventory: { all: { hosts: { a: {}, b: {} }, vars: ${vars} } }`;
const site = (tasks: string, more = '', vars?: string) =>
  `${inventory(vars)}\nplays:\n- hosts: all\n${more}\n  tasks:\n${tasks}`;

const other = "hostvars['a'].inventory_hostname";
const debug = '  - debug: { msg: x }';
const role = (files: Readonly<Record<string, string>>) => ({
  'site.yml': `${inventory()}\nplays:\n- hosts: all\n  roles: [r]`,
  'roles/r/tasks/main.yml': '- debug: { msg: x }',
  ...files,
});
const template = (text: string, include = '') => ({
  'site.yml': site('  - template: { src: t.j2, dest: /etc/t }'),
  'templates/t.j2': text,
  'templates/part.j2': include,
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['an argument', { 'site.yml': site(`  - debug: { msg: "{{ ${other} }}" }`) }],
  ['the name of a task', { 'site.yml': site(`  - { name: "of {{ ${other} }}", debug: { msg: x } }`) }],
  ['a condition', { 'site.yml': site(`  - { debug: { msg: x }, when: "${other} == 'a'" }`) }],
  [
    'a condition of a block',
    { 'site.yml': site(`  - { block: [{ debug: { msg: x } }], when: "${other}" }`) },
  ],
  ['a loop', { 'site.yml': site(`  - { debug: { msg: x }, loop: "{{ hostvars.keys() | list }}" }`) }],
  ['failed_when', { 'site.yml': site(`  - { command: id, register: r, failed_when: "${other} != 'a'" }`) }],
  ['until', { 'site.yml': site(`  - { command: id, register: r, until: "${other} == 'a'" }`) }],
  ['an assertion', { 'site.yml': site(`  - assert: { that: "${other} == 'a'" }`) }],
  ['what debug shows', { 'site.yml': site('  - debug: { var: hostvars }') }],
  ['delegate_to', { 'site.yml': site(`  - { command: id, delegate_to: "{{ ${other} }}" }`) }],
  ['an environment', { 'site.yml': site(`  - { command: id, environment: { A: "{{ ${other} }}" } }`) }],
  [
    'a filter',
    { 'site.yml': site(`  - debug: { msg: "{{ groups.all | map('extract', hostvars, 'x') | list }}" }`) },
  ],
  ['lookup', { 'site.yml': site(`  - debug: { msg: "{{ lookup('vars', 'hostvars') | length }}" }`) }],
  ['a default', { 'site.yml': site(`  - debug: { msg: "{{ hostvars['a'].nothing | default('x') }}" }`) }],
  ['a handler', { 'site.yml': site(debug, `  handlers: [{ name: h, debug: { msg: "{{ ${other} }}" } }]`) }],
  ['a variable of the play', { 'site.yml': site(debug, `  vars: { v: "{{ ${other} }}" }`) }],
  ['a variable of a task', { 'site.yml': site(`  - { debug: { msg: x }, vars: { v: "{{ ${other} }}" } }`) }],
  ['a variable of the inventory', { 'site.yml': site(debug, '', `{ v: "{{ ${other} }}" }`) }],
  ['a default of a role', role({ 'roles/r/defaults/main.yml': `v: "{{ ${other} }}"` })],
  ['a variable of a role', role({ 'roles/r/vars/main.yml': `v: [{ w: "{{ ${other} }}" }]` })],
  ['a task of a role', role({ 'roles/r/tasks/main.yml': `- debug: { msg: "{{ ${other} }}" }` })],
  ['a template file', template(`{{ ${other} }}`)],
  ['a file that a template includes', template("{% include 'part.j2' %}", `{{ ${other} }}`)],
])('%s mentions hostvars: hosts that --limit leaves out are looked at', async (_where, files) => {
  const playbook = await load(files);
  expect(playbook.mentioned).toContain('hostvars');
  const hosts = [...concernedHosts({ ...playbook, limited: new Set(['b']) }, false).values()];
  expect(hosts.map(({ name, observed }) => [name, observed])).toEqual([
    ['a', true],
    ['b', false],
  ]);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ['a comment', { 'site.yml': `# hostvars\n${site(debug)} # hostvars['a'].x` }],
  [
    'a plain text',
    { 'site.yml': site(`  - { name: reads no hostvars, debug: { msg: "hostvars['a'].x" } }`) },
  ],
  ['a text inside a template', { 'site.yml': site(`  - debug: { msg: "{{ 'hostvars' | upper }}" }`) }],
  ['a comment of a template', template(`{# {{ ${other} }} #}{% raw %}{{ ${other} }}{% endraw %} hostvars`)],
  ['a name of the template itself', template('{% set hostvars = 1 %}{{ hostvars }}')],
  ['a key', { 'site.yml': site(debug, '  vars: { hostvars_file: x, v: { hostvars: 1 } }') }],
  [
    'a file that is copied',
    { 'site.yml': site('  - copy: { src: f, dest: /etc/f }'), 'files/f': `{{ ${other} }}` },
  ],
])('%s that contains the word does not mention hostvars', async (_where, files) => {
  const playbook = await load(files);
  expect(playbook.mentioned).not.toContain('hostvars');
  const hosts = concernedHosts({ ...playbook, limited: new Set(['b']) }, false);
  expect([...hosts.keys()]).toEqual(['b']);
});
