import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadPlaybook } from '../../../../src/language/playbook-loader.ts';
import { flat } from '../../../helpers/language/project.ts';
import { load, problemsOf } from '../../../helpers/language/written-playbook.ts';
import { filters, resources } from '../../../helpers/resources/all-resources.ts';

const inventory = { all: { hosts: { h1: {} }, vars: { wanted: false } } };
const site = (play: object, more: Readonly<Record<string, string>> = {}) => ({
  'site.yml': JSON.stringify({ inventory, plays: [{ hosts: 'all', gather_facts: false, ...play }] }),
  ...more,
});
const says = (word: string) => JSON.stringify([{ debug: { msg: word } }]);
const asks = (name: string, more: object = {}) => JSON.stringify([{ include_role: { name }, ...more }]);

describe('a role is found', () => {
  test.each([
    [
      'in collections/',
      'our.things.a',
      { 'collections/ansible_collections/our/things/roles/a/tasks/main.yml': says('x') },
    ],
    [
      'in the checkout of a collection',
      'r',
      {
        'galaxy.yml': 'namespace: our\nname: things\n',
        'roles/r/tasks/main.yml': asks('our.things.a'),
        'roles/a/tasks/main.yml': says('x'),
      },
    ],
    [
      'beside the one that asks',
      'our.things.a',
      {
        'collections/ansible_collections/our/things/roles/a/tasks/main.yml': asks('b'),
        'collections/ansible_collections/our/things/roles/b/tasks/main.yml': says('x'),
      },
    ],
    ['in the folder of the playbook', 'r', { 'r/tasks/main.yml': says('x') }],
    ['below a folder of roles', 'group/r', { 'roles/group/r/tasks/main.yml': says('x') }],
    [
      'by a path that names a role',
      'r',
      {
        'roles/r/tasks/main.yml': asks('{{ role_path }}/roles/b'),
        'roles/r/roles/b/tasks/main.yml': says('x'),
      },
    ],
  ])('%s', async (_, role, files) => {
    const playbook = await load(site({ roles: [role] }, files));
    const resources = flat(playbook.plays[0]?.tasks).map(({ resource }) => resource);
    expect(resources).toContain('debug');
  });

  test('of another collection it is not', async () => {
    const files = { 'galaxy.yml': 'namespace: our\nname: things\n', 'roles/a/tasks/main.yml': says('x') };
    const problems = await problemsOf(site({ roles: ['their.things.a'] }, files));
    expect(problems.map(({ code }) => code)).toEqual(['missing-role']);
  });
});

describe('a role that is not there', () => {
  test('is a warning where include_role names it behind a condition', async () => {
    const task = { include_role: { name: 'nowhere' }, when: 'wanted', vars: { x: 1 } };
    const { warnings } = await load(site({ tasks: [task, { command: 'true', notify: 'its handler' }] }));
    expect(warnings).toEqual([
      expect.stringContaining("there is no role 'nowhere', the task fails on a host"),
    ]);
  });

  test.each([
    ['without a condition', { tasks: [{ include_role: { name: 'nowhere' } }] }],
    ['imported', { tasks: [{ import_role: { name: 'nowhere' }, when: 'wanted' }] }],
    ['in roles', { roles: [{ role: 'nowhere', when: 'wanted' }] }],
  ])('is an error %s, and alone: its handlers are not missed too', async (_, play) => {
    const problems = await problemsOf(
      site({ ...play, post_tasks: [{ command: 'true', notify: 'its handler' }] }),
    );
    expect(problems.map(({ code }) => code)).toEqual(['missing-role']);
  });
});

describe('tags take the names of roles', () => {
  const files = {
    'roles/outer/tasks/main.yml': asks('inner'),
    'roles/inner/tasks/main.yml': JSON.stringify([
      {
        debug: { msg: 'x' },
        tags: ['{{ ansible_parent_role_names | first }}', '{{ role_name }}_install', 'own'],
      },
    ]),
  };

  test('of the role and of the one that includes it', async () => {
    const playbook = await load(site({ roles: ['outer'] }, files));
    const [task] = flat(playbook.plays[0]?.tasks).filter(({ resource }) => resource === 'debug');
    expect(task?.tags).toEqual(['outer', 'inner_install', 'own']);
  });

  test('and nothing else', async () => {
    const problems = await problemsOf(site({ tasks: [{ debug: { msg: 'x' }, tags: '{{ wanted }}' }] }));
    expect(problems.map(({ code }) => code)).toEqual(['template-not-allowed']);
  });
});

describe('a filter that only Ansible has', () => {
  const msg = "{{ 'a' | json_query('b') }}";

  test('is a warning behind a condition', async () => {
    const { warnings } = await load(site({ tasks: [{ debug: { msg }, when: 'wanted' }] }));
    expect(warnings).toEqual([expect.stringMatching(/'json_query' is not supported, the task fails on/)]);
  });

  test.each([
    ['without one', { debug: { msg } }, 'not-supported'],
    ['where it is a slip', { debug: { msg: "{{ 'a' | uper }}" }, when: 'wanted' }, 'unknown-filter'],
  ])('is an error %s', async (_, task, code) => {
    expect((await problemsOf(site({ tasks: [task] }))).map((problem) => problem.code)).toEqual([code]);
  });
});

describe('a name that set_fact makes of a template', () => {
  const setting = { set_fact: { 'my_{{ item }}': 1 }, loop: ['a', 'b'] };

  test('may be any that fits', async () => {
    const tasks = [setting, { debug: { msg: '{{ my_a }}' } }];
    expect((await load(site({ tasks }))).plays).toHaveLength(1);
  });

  test('and no other', async () => {
    const problems = await problemsOf(site({ tasks: [setting, { debug: { msg: '{{ your_a }}' } }] }));
    expect(problems.map(({ code }) => code)).toEqual(['unknown-variable']);
  });
});

test('folders of roles_path come after roles/ beside the playbook', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'provision-roles-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['a', 'b']) {
    mkdirSync(join(folder, 'shared', name, 'tasks'), { recursive: true });
    writeFileSync(join(folder, 'shared', name, 'tasks/main.yml'), says(`shared ${name}`));
  }
  mkdirSync(join(folder, 'play/roles/b/tasks'), { recursive: true });
  writeFileSync(join(folder, 'play/roles/b/tasks/main.yml'), says('own b'));
  const playbook = await loadPlaybook(join(folder, 'play/site.yml'), {
    text: JSON.stringify([{ hosts: 'localhost', gather_facts: false, roles: ['a', 'b'] }]),
    rolesPath: [join(folder, 'shared')],
    ...{ inventories: [], extraVars: [], limit: undefined, tags: [], skipTags: [], resources, filters },
  });
  const said = flat(playbook.plays[0]?.tasks).flatMap(({ resource, args }) =>
    resource === 'debug' ? [Object(args.value).msg] : [],
  );
  expect(said).toEqual(['shared a', 'own b']);
});
