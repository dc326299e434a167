import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAnsibleCfg } from '../../../../src/cli/import/ansible-cfg.ts';
import { percentOf } from '../../../../src/cli/import/import-report.ts';
import { judge } from '../../../../src/cli/import/project-judgement.ts';
import { requirementNames } from '../../../../src/language/requirement-names.ts';
import { taskPlaces } from '../../../../src/language/task-places.ts';
import { folder, provision } from '../../../helpers/cli/command.ts';

function project(files: Readonly<Record<string, string>>): string {
  const top = folder({});
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, name)), { recursive: true });
    writeFileSync(join(top, name), text);
  }
  return top;
}

const page = readFileSync(new URL('../../../../docs/from-ansible.md', import.meta.url), 'utf8');
const block = (language: string, index = 0) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))][index]?.[1] ?? '';

describe('docs/from-ansible.md', () => {
  const files = {
    'ansible.cfg': block('ini'),
    'hosts.ini': block('ini', 1),
    'site.yml': block('yaml'),
  };

  test('shows what provision import prints', async () => {
    const { code, stdout, stderr } = await provision(['import', '.'], { cwd: project(files) });
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: block('text'), stderr: '' });
  });

  test('leads to a project that runs', async () => {
    const site = files['site.yml'].replace(/ {4}- name: A program[\s\S]*/, '');
    const cwd = project({ ...files, 'site.yml': site, 'provision.yml': block('yaml', 1) });
    const env = { HOME: cwd, PROVISION_STATE: join(cwd, '.state'), PROVISION_RUN: join(cwd, '.run') };
    const imported = await provision(['import', '.'], { cwd });
    expect([imported.code, imported.stdout]).toEqual([
      0,
      expect.stringContaining('100 % of 1 task run as they are'),
    ]);
    const commands = [...page.matchAll(/^provision (?:validate|plan|apply) .*$/gm)].map(([line]) => line);
    expect(commands).toHaveLength(3);
    for (const line of commands) {
      const words = line.replace(/#.*/, '').trim().split(' ').slice(1);
      expect([words, (await provision(words, { cwd, env })).code]).toEqual([words, 0]);
    }
    expect(readFileSync(join(cwd, 'motd'), 'utf8')).toBe('Welcome to web1\n');
  });
});

describe('provision import', () => {
  const mixed = {
    'inventory/hosts.yml': 'all: { hosts: { h1: {} } }\n',
    'site.yml': `- hosts: all
  roles: [web]
  handlers:
    - name: again
      command: "true"
- hosts: nobody
  tasks:
    - block:
        - command: uptime
        - snap: { name: x }
      rescue:
        - debug: { msg: x }
`,
    'roles/web/tasks/main.yml': '- include_tasks: more.yml\n',
    'roles/web/tasks/more.yml': '- snap: { name: x }\n- debug: { msg: "{{ given_by_its_user }}" }\n',
    'roles/unused/tasks/main.yml': '- debug: { msg: "{{ given_by_its_user }}" }\n',
    'requirements.yml': 'roles: [{ src: me.tool }, { name: web }]\ncollections: [community.general, a.b]\n',
    'molecule/default/converge.yml': '- hosts: all\n  tasks: [{ snap: { name: x } }]\n',
  };

  test('counts tasks of playbooks and roles, each once', async () => {
    const { code, stdout } = await provision(['import', '.', '--json'], { cwd: project(mixed) });
    const said = JSON.parse(stdout);
    expect(code).toBe(2);
    expect(said).toMatchObject({
      type: 'import',
      tasks: 8,
      accepted: 6,
      percent: 75,
      roles: ['unused', 'web'],
    });
    expect(said.files).toEqual([
      { path: 'roles/unused/tasks/main.yml', kind: 'tasks', tasks: 1, accepted: 1, others: 0 },
      { path: 'roles/web/tasks/main.yml', kind: 'tasks', tasks: 1, accepted: 1, others: 0 },
      { path: 'roles/web/tasks/more.yml', kind: 'tasks', tasks: 2, accepted: 1, others: 0 },
      { path: 'site.yml', kind: 'playbook', tasks: 4, accepted: 3, others: 1, whole: false },
    ]);
    expect(said.problems[0]).toMatchObject({
      code: 'not-supported',
      message: "the module 'snap' is not supported",
      places: ['roles/web/tasks/more.yml:1', 'site.yml:10'],
    });
    expect(said.requirements).toEqual([
      { kind: 'role', name: 'me.tool', found: false },
      { kind: 'role', name: 'web', found: true },
      { kind: 'collection', name: 'community.general', found: true },
      { kind: 'collection', name: 'a.b', found: false },
    ]);
  });

  test.each([
    ['/no/such', 'is no directory'],
    ['.', 'holds no playbooks and no roles'],
  ])('%s is refused', async (directory, why) => {
    const { code, stderr } = await provision(['import', directory], { cwd: project({ 'x.yml': 'a: 1\n' }) });
    expect([code, stderr]).toEqual([1, expect.stringContaining(why)]);
  });
});

test.each([
  [2, 2, 100],
  [999_999, 1_000_000, 99.9],
  [0, 3, 0],
  [0, 0, 100],
])('%i of %i is %d per cent', (accepted, tasks, percent) => expect(percentOf(accepted, tasks)).toBe(percent));

test('ansible.cfg: what is carried over, what is needless, what is to be done', () => {
  const text = `[defaults]
inventory = a, /b ; both
remote_user: deploy
nocows = 1
# forks = 5
roles_path = x:~/y
odd = 1
[privilege_escalation]
become = yes
`;
  const { settings, inventories, rolesPath } = readAnsibleCfg('/p/ansible.cfg', text);
  expect(inventories).toEqual(['/p/a', '/b']);
  expect(rolesPath).toEqual(['/p/x', join(homedir(), 'y')]);
  expect(settings.map(({ line, setting, open }) => [line, setting, open])).toEqual([
    [2, 'inventory: [a, ../b]', false],
    [3, 'user: deploy', false],
    [4, undefined, false],
    [6, 'roles_path: [x, ~/y]', false],
    [7, undefined, true],
    [9, 'become: true', false],
  ]);
});

test('a problem belongs to what begins last before it', () => {
  const places = taskPlaces(
    'f',
    '- hosts: a\n  tasks:\n    - x: 1\n    - y: 1\n- hosts: b\n  vars: { a: 1 }\n',
  );
  expect(places).toEqual({ kind: 'playbook', tasks: [3, 4], others: [1, 5] });
  const file = { path: '/f', ...(places ?? { kind: 'playbook' as const, tasks: [], others: [] }) };
  const at = (line: number) => ({
    code: 'not-supported' as const,
    message: 'm',
    at: { file: '/f', line, column: 1 },
  });
  const { files, obstacles } = judge([file], [at(4), at(6)]);
  expect(files).toEqual([{ path: '/f', kind: 'playbook', tasks: 2, accepted: 1, others: 1 }]);
  expect(obstacles).toEqual([
    { code: 'not-supported', message: 'm', hint: undefined, places: ['/f:4', '/f:6'] },
  ]);
});

test.each([
  ['a: 1\n', undefined],
  ['- a\n', undefined],
  ['- import_playbook: x.yml\n', { kind: 'playbook', tasks: [], others: [1] }],
])('%j', (text, places) => expect(taskPlaces('f', text)).toEqual(places));

test('requirements of both forms', () => {
  expect(requirementNames('f', '- src: git+https://x/y/tool.git,v1\n- me.other\n')).toEqual([
    { kind: 'role', name: 'tool' },
    { kind: 'role', name: 'me.other' },
  ]);
});
