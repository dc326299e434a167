import { describe, expect, test } from 'vitest';
import type { TaskNode } from '../../../../src/language/model.ts';
import { load, problemsOf } from '../../../helpers/language/written-playbook.ts';

const site = (plays: string, vars = '') =>
  `inventory: {all: {hosts: {h1: {port: 514}, h2: }, vars: {${vars}}}}\nplays:\n${plays}`;
const one = '  - {hosts: all, roles: [web]}\n';
const role = (checks: string, tasks = '- {debug: {msg: x}}\n') => ({
  'roles/web/meta/checks.yml': checks,
  'roles/web/tasks/main.yml': tasks,
  'roles/web/defaults/main.yml': 'port: 80\ntls: false\nname: ""\n',
});
const plain = '- {refuse: port == 514, message: "514 is {{ inventory_hostname }}\'s own", fix: use 80}\n';

/** Where, what, why and what next of each problem. */
async function messagesOf(
  checks: string,
  vars = '',
  plays = one,
  tasks?: string,
): Promise<readonly string[]> {
  const found = await problemsOf({ 'site.yml': site(plays, vars), ...role(checks, tasks) });
  return found.map(({ at, message, why, hint }) => {
    const file = at?.file.replace(/^.*\/(?=site\.yml|roles\/)/, '');
    const reason = why?.replace(/ in .*\/(?=roles\/)/, ' in ');
    return `${file}:${at?.line}:${at?.column} ${message}${reason ? `; ${reason}` : ''}${hint ? `; ${hint}` : ''}`;
  });
}

describe('what needs nothing of a host is judged when the playbook is loaded', () => {
  const by = 'the role web checks it in roles/web/meta/checks.yml:1';

  test.each<[string, string, string, readonly string[]]>([
    ['at the user’s variable', plain, '', [`site.yml:1:38 514 is h1's own; on h1: ${by}; use 80`]],
    [
      'in braces too',
      '- {refuse: "{{ port == 514 }}", message: no}\n',
      '',
      [`site.yml:1:38 False; on h1: ${by}`],
    ],
    [
      'all hosts in one',
      '- {refuse: tls, message: no TLS here}\n',
      'tls: true',
      [`site.yml:1:63 no TLS here; on h1, h2: ${by}`],
    ],
    [
      'at the check where only the role says so',
      '- {refuse: not tls, message: TLS}\n',
      '',
      [`roles/web/meta/checks.yml:1:3 TLS; on h1, h2: ${by}`],
    ],
    ['not where it does not hold', '- {refuse: port > 600, message: no}\n', '', []],
    ['not where it is not looked at', '- {refuse: true == true, when: tls, message: no}\n', '', []],
    [
      'a file that is not there',
      '- {file: "{{ name }}", fix: name it}\n',
      'name: none.pem',
      [expect.stringMatching(/^site\.yml:1:64 there is no file 'none\.pem' \(looked for .*; name it$/)],
    ],
    ['no file is no fault', '- {file: "{{ name }}"}\n', '', []],
    ['a file that is there', '- {file: "{{ name }}"}\n', 'name: site.yml', []],
    ['facts are left to the run', '- {refuse: ansible_facts.os_family == "Debian", message: no}\n', '', []],
    [
      'a broken expression',
      '- {refuse: port ~ 1 + tls, message: no}\n',
      '',
      [expect.stringMatching(/^roles\/web\/meta\/checks\.yml:1:\d+ /)],
    ],
    [
      'an unknown name',
      '- {refuse: prot == 1, message: no}\n',
      '',
      [
        expect.stringMatching(
          /^roles\/web\/meta\/checks\.yml:1:12 the variable 'prot' is not defined; did you mean 'port'\?$/,
        ),
      ],
    ],
  ])('%s', async (_what, checks, vars, problems) => {
    expect(await messagesOf(checks, vars)).toEqual(problems);
  });

  test.each([
    ['a role that does not come', '  - {hosts: all, roles: [{role: web, when: tls}]}\n'],
    ['a role that comes to others', '  - {hosts: h2, roles: [web]}\n'],
  ])('%s judges nobody', async (_what, plays) => {
    expect(await messagesOf(plain, '', plays)).toEqual([]);
  });

  test('the same in two plays is one problem', async () => {
    expect(await messagesOf(plain, '', one + one)).toHaveLength(1);
  });

  test('a warning stops nothing', async () => {
    const checks = '- {warn: tls, message: "anyone may come", fix: a wall}\n';
    const playbook = await load({ 'site.yml': site(one, 'tls: true'), ...role(checks) });
    expect(playbook.checkWarnings).toEqual(['h1, h2: anyone may come: a wall']);
    expect(playbook.warnings).toEqual([]);
  });
});

test.each<[string, string, readonly string[]]>([
  ['no list', 'refuse: x\n', ['1:1 meta/checks.yml must be a list of checks']],
  ['a word', '- x\n', [expect.stringMatching(/^1:3 .*mapping/)]],
  [
    'an unknown key',
    '- {refuse: tls, mesage: x}\n',
    [expect.stringMatching(/^1:17 unknown argument 'mesage'.*|^1:17 .*mesage/)],
  ],
  ['nothing judged', '- {message: x}\n', ['1:3 the check judges nothing']],
  ['two at once', '- {refuse: tls, warn: tls, message: x}\n', ['1:3 the check judges two things at once']],
  ['nothing said', '- {refuse: tls}\n', ["1:3 the check needs a 'message'"]],
])('checks.yml with %s', async (_what, checks, problems) => {
  const found = await problemsOf({ 'site.yml': site(one), ...role(checks) });
  expect(found.map(({ at, message }) => `${at?.line}:${at?.column} ${message}`)).toEqual(problems);
});

describe('the task that judges', () => {
  const names = (nodes: readonly TaskNode[]): readonly string[] =>
    nodes.flatMap((node) =>
      'task' in node ? [node.task.name ?? node.task.resource] : names(node.block.tasks),
    );
  const tasks = async (plays: string, own?: string) => {
    const playbook = await load({
      'site.yml': site(plays),
      ...role('- {refuse: ansible_facts.os_family == "x", message: no}\n', own),
      'roles/web/tasks/early.yml': '- {role_checks: , name: now}\n- {debug: {msg: y}}\n',
    });
    return playbook.plays.map((play) => names(play.tasks).filter((name) => name !== 'meta'));
  };
  const itself = 'Check the settings of the role web';

  test('comes before the tasks of the role, once in a play', async () => {
    const again = '  - {hosts: all, roles: [web], tasks: [{import_role: {name: web}}]}\n';
    expect(await tasks(again)).toEqual([[itself, 'debug', 'debug']]);
    expect(await tasks(one + one)).toEqual([
      [itself, 'debug'],
      [itself, 'debug'],
    ]);
  });

  test('stands where the role says so, and then only there', async () => {
    const early = '  - {hosts: all, tasks: [{import_role: {name: web, tasks_from: early}}]}\n';
    expect(await tasks(early + one)).toEqual([['now', 'debug'], ['debug']]);
  });

  test.each([
    ['arguments', '- {role_checks: {checks: []}}\n', 'role_checks takes no arguments'],
    ['tasks of no role', undefined, 'role_checks stands in tasks of a role only'],
  ])('is refused with %s', async (_what, own, message) => {
    const plays = own === undefined ? '  - {hosts: all, tasks: [{role_checks: }]}\n' : one;
    expect(await messagesOf(plain, '', plays, own)).toContainEqual(expect.stringContaining(message));
  });
});
