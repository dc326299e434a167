import { expect, test } from 'vitest';
import { isFact } from '../../../../src/language/variable-check/facts.ts';
import { setup } from '../../../../src/resources/setup.ts';
import { load, problemsOf } from '../../../helpers/language/written-playbook.ts';
import { ShellHost } from '../../../helpers/resources/shell-host.ts';

const inventory = `
inventory:
  all:
    vars: {port: 514}
    children:
      web: {hosts: {h1: {only_h1: 1}, h2: {}}}
      db: {hosts: {d1: {}}, vars: {db_name: x}}
`;
const play = (tasks: string, more = ''): Record<string, string> => ({
  'site.yml': `${inventory}plays:\n  - hosts: all\n${more}    tasks:\n${tasks}`,
});

/** Each problem as `file:line:column+length message | hint`, files by their last name. */
async function found(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await problemsOf(files)).map(({ at, message, hint }) => {
    const place = at ? `${at.file.split('/').at(-1)}:${at.line}:${at.column}+${at.length}` : '';
    return `${place} ${message}${hint === undefined ? '' : ` | ${hint}`}`;
  });
}

const line = 11;

test.each<[string, string, readonly string[]]>([
  [
    'a name misspelt',
    '{debug: {msg: "{{ prt }}"}}',
    ["27+3 the variable 'prt' is not defined | did you mean 'port'?"],
  ],
  [
    'the second of two equal words',
    '{debug: {msg: "prt {{ prt }}"}}',
    ["31+3 the variable 'prt' is not defined | did you mean 'port'?"],
  ],
  [
    'behind escapes',
    '{debug: {msg: "a\\n\\"b\\" {{ prt }}"}}',
    ["36+3 the variable 'prt' is not defined | did you mean 'port'?"],
  ],
  [
    'in a condition',
    '{debug: {msg: x}, when: prt > 3}',
    ["33+3 the variable 'prt' is not defined | did you mean 'port'?"],
  ],
  [
    'in an expression',
    '{debug: {var: prt}}',
    ["23+3 the variable 'prt' is not defined | did you mean 'port'?"],
  ],
  [
    'in an assertion',
    '{assert: {that: [port == 514, prt]}}',
    ["39+3 the variable 'prt' is not defined | did you mean 'port'?"],
  ],
  [
    'in a name',
    '{name: "{{ prt }}", debug: {msg: x}}',
    ["+3 the variable 'prt' is not defined | did you mean 'port'?"],
  ],
  [
    'no loop',
    '{debug: {msg: "{{ item }}"}}',
    ["27+4 the variable 'item' is not defined | the task has no loop"],
  ],
  [
    'for some hosts',
    '{debug: {msg: "{{ db_name }}"}}',
    [
      "27+7 the variable 'db_name' is not defined for h1, h2 | give it a value for these hosts too, or write db_name | default(...)",
    ],
  ],
  [
    'a fact',
    '{debug: {msg: "{{ ansible_distributon }}"}}',
    ["27+19 the variable 'ansible_distributon' is not defined | did you mean 'ansible_distribution'?"],
  ],
  [
    'a key of ansible_facts',
    '{debug: {msg: "{{ ansible_facts.distributon }}"}}',
    ["41+11 there is no fact 'distributon' | did you mean 'distribution'?"],
  ],
  [
    'a group',
    `{debug: {msg: "{{ groups['wbe'] }}"}}`,
    ["34+5 there is no group 'wbe' | did you mean 'web'?"],
  ],
  [
    'of another host',
    '{debug: {msg: "{{ hostvars.h1.only_h2 }}"}}',
    ["39+7 no host has a variable 'only_h2' | did you mean 'only_h1'?"],
  ],
  [
    'a filter',
    '{debug: {msg: "{{ port | defalt(1) }}"}}',
    ["34+6 there is no filter 'defalt' | did you mean 'default'?"],
  ],
  [
    'a filter named for map',
    `{debug: {msg: "{{ [1] | map('uper') | list }}"}}`,
    ["37+6 there is no filter 'uper' | did you mean 'upper'?"],
  ],
  [
    'a test',
    '{debug: {msg: x}, when: port is serch("a")}',
    ["41+5 there is no test 'serch' | did you mean 'search'?"],
  ],
  ['a file', `{debug: {msg: "{{ lookup('file', 'nofile') }}"}}`, ["42+8 there is no file 'nofile'"]],
  ['syntax', '{debug: {msg: "{{ port | }}"}}', ['34+1 a name is missing']],
  [
    'syntax of a condition',
    '{debug: {msg: x}, when: port = 514}',
    ["38+1 '=' was not expected here | write '==' to compare"],
  ],
])('%s', async (_, task, expected) => {
  const problems = await found(play(`      - ${task}\n`));
  expect(problems).toHaveLength(expected.length);
  for (const [index, text] of expected.entries()) {
    expect(problems[index]).toContain(text);
    expect(problems[index]).toContain(`site.yml:${line}:`);
  }
});

test('places in multi-line texts', async () => {
  const tasks = `
      - debug:
          msg: |
            first
              second {{ port }} {{ prt }}
      - debug:
          msg: >-
            folded
            {{ prot }}
`;
  expect(await found(play(tasks))).toEqual([
    "site.yml:15:36+3 the variable 'prt' is not defined | did you mean 'port'?",
    "site.yml:19:16+4 the variable 'prot' is not defined | did you mean 'port'?",
  ]);
});

test('what a variable is made of is checked where it is used, and reported where it stands', async () => {
  const vars = '    vars: {a: "{{ b }}", b: "{{ prt }}", unused: "{{ prt }}", c: "{{ d }}", d: "{{ c }}"}\n';
  const problems = await problemsOf(play('      - debug: {msg: "{{ a }} {{ c }}"}\n', vars));
  expect(problems.map(({ message, why }) => [message, why])).toEqual([
    ["the variable 'prt' is not defined", "it is needed for 'b', for 'a'"],
    ["the variable 'c' is defined by itself: c -> d -> c", undefined],
  ]);
});

test('template files, and those they include', async () => {
  const files = {
    ...play('      - template: {src: a.j2, dest: /x, mode: "0644"}\n'),
    'templates/a.j2':
      '{% for p in [port] %}\n  {{ p }} {{ lop.index }}\n{% endfor %}\n{% include "b.j2" %}{% include "c.j2" %}\n',
    'templates/b.j2': '{{ prt }}',
  };
  const problems = await found(files);
  expect(problems).toEqual([
    expect.stringMatching(/^a\.j2:2:14\+3 the variable 'lop' is not defined/),
    expect.stringMatching(/^a\.j2:4:32\+6 there is no template 'c\.j2' to include/),
    expect.stringMatching(/^b\.j2:1:4\+3 the variable 'prt' is not defined/),
  ]);
});

test('template files that they import, and the names that these bring', async () => {
  const files = {
    ...play('      - template: {src: a.j2, dest: /x, mode: "0644"}\n'),
    'templates/a.j2':
      '{% import "b.j2" as b %}{% from "b.j2" import say, other as mine with context %}\n{{ b.say(1) }}{{ say(1) }}{{ mine(1) }}{{ othr }}\n{% import "c.j2" as c %}',
    'templates/b.j2': '{% macro say(x) %}{{ x }}{{ port }}{% endmacro %}{{ prt }}',
  };
  expect(await found(files)).toEqual([
    expect.stringMatching(/^a\.j2:2:\d+\+4 the variable 'othr' is not defined/),
    expect.stringMatching(/^a\.j2:3:11\+6 there is no template 'c\.j2' to import/),
    expect.stringMatching(/^b\.j2:1:\d+\+3 the variable 'prt' is not defined/),
  ]);
});

test('a name that only a later task registers', async () => {
  const tasks = `
      - debug: {msg: "{{ out.rc }}"}
      - {name: look, command: "true", register: out, changed_when: out.rc != 0}
      - debug: {msg: "{{ out.rc }}"}
`;
  expect(await found(play(tasks))).toEqual([
    expect.stringMatching(
      /^site\.yml:12:26\+3 the variable 'out' is not defined \| only a later task sets it: 'look' in .*:13$/,
    ),
  ]);
});

test.each<[string, string]>([
  ['guarded by a default', '{debug: {msg: "{{ missing | default(1) }} {{ missing.x.y | d(2) }}"}}'],
  ['guarded in the text', '{debug: {msg: "{{ missing.x if missing is defined else 1 }}"}}'],
  ['guarded by the condition', '{debug: {msg: "{{ missing }}"}, when: missing is defined}'],
  ['kept away by the inventory', `{debug: {msg: "{{ db_name }}"}, when: "'db' in group_names"}`],
  [
    'perhaps kept away by a fact',
    "{debug: {msg: '{{ db_name }}'}, when: ansible_facts.os_family == 'Debian'}",
  ],
  ['in a branch that only some hosts take', `{debug: {msg: "{{ db_name if 'db' in group_names else 1 }}"}}`],
  [
    'the variables of a loop',
    '{debug: {msg: "{{ item }} {{ i }}"}, loop: [1], loop_control: {index_var: i}}',
  ],
  ['an interface', '{debug: {msg: "{{ ansible_eth0.ipv4.address }}"}}'],
  [
    'magic',
    '{debug: {msg: "{{ inventory_hostname }} {{ groups.all }} {{ hostvars[inventory_hostname].port }} {{ omit }}"}}',
  ],
  ['set_fact before', '{block: [{set_fact: {x: 1}}, {debug: {msg: "{{ x }}"}}]}'],
  ['vars of a block', '{block: [{debug: {msg: "{{ x }}"}}], vars: {x: 1}}'],
  [
    'what a rescue knows',
    '{block: [{fail: {msg: x}}], rescue: [{debug: {msg: "{{ ansible_failed_task.name }}"}}]}',
  ],
  ['a method of a mapping', '{debug: {msg: "{{ hostvars.h1.keys() | list }}"}}'],
])('no mistake: %s', async (_, task) => {
  expect(await found(play(`      - ${task}\n`))).toEqual([]);
});

test.each([
  ['[]', []],
  ['"{{ empty }}"', []],
  ['[1]', [expect.stringContaining("the variable 'nothing' is not defined")]],
])('with the list %s, what each item needs is looked for if there are items', async (list, expected) => {
  const task = `      - {debug: {msg: "{{ nothing }}"}, when: nothing == 1, loop: ${list}, vars: {empty: []}}\n`;
  expect(await found(play(task))).toEqual(expected);
});

test.each([
  ['restart', ["the variable 'nothing' is not defined"]],
  ['{{ word }}art', ["the variable 'nothing' is not defined"]],
  ['other', []],
  ['{{ word }}er', []],
])('what a handler needs is looked for where it is notified: %s', async (notify, expected) => {
  const handlers = '[{name: restart, debug: {msg: "{{ nothing }}"}}, {name: other, debug: {msg: x}}]';
  const tasks = `[{debug: {msg: x}, changed_when: true, notify: "${notify}", vars: {word: oth}}]`;
  const text = `${inventory}plays:\n  - {hosts: web, tasks: ${tasks}, handlers: ${handlers}}\n`;
  const messages = (await found({ 'site.yml': text })).map((message) =>
    message.split(' ').slice(1).join(' '),
  );
  expect(messages).toEqual(expected);
});

test('registered values reach later plays of the same hosts only', async () => {
  const text = (second: string) => ({
    'site.yml': `${inventory}plays:
  - hosts: web
    tasks: [{command: "true", register: out}]
  - hosts: ${second}
    tasks: [{debug: {msg: "{{ out.rc }}"}}]
`,
  });
  expect(await found(text('h1'))).toEqual([]);
  expect(await found(text('db'))).toEqual([expect.stringContaining("the variable 'out' is not defined")]);
});

test('template files that were read are kept for code frames', async () => {
  const playbook = await load({
    ...play('      - template: {src: a.j2, dest: /x, mode: "0644"}\n'),
    'templates/a.j2': 'port {{ port }}\n',
  });
  expect([...playbook.sources.values()]).toContain('port {{ port }}\n');
});

test('the list of facts covers what a real host gives', async () => {
  const { args, have } = await new ShellHost().plan(setup, {});
  const facts = setup.facts?.(args as never, have as never) ?? {};
  const interfaces = Array.isArray(facts.interfaces) ? facts.interfaces.map(String) : [];
  const names = Object.keys(facts).filter(
    (name) => !interfaces.some((one) => one.replace(/[-.:]/g, '_') === name),
  );
  expect(names.filter((name) => !isFact(name))).toEqual([]);
});
