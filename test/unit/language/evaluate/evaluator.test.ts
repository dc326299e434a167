import { expect, test } from 'vitest';
import type { HostValue } from '../../../../src/language/evaluate/host-memory.ts';
import { evaluating, load, memoriesOf } from '../../../helpers/language/written-playbook.ts';

const inventory = 'inventory: {all: {hosts: {h1: {n: 1}, h2: {n: 2}}}}\n';
const play = (tasks: string, more = ''): Record<string, string> => ({
  'site.yml': `${inventory}plays:\n  - hosts: all\n${more}    tasks:\n${tasks}`,
});
const registered = (value: unknown): HostValue => ({ kind: 'value', value });

async function first(tasks: string, values: Record<string, HostValue> = {}, more = '') {
  const playbook = await load(play(tasks, more));
  const tasksBefore = Object.keys(values).length;
  return evaluating(playbook, memoriesOf(playbook, { h1: { values } })).evaluate(tasksBefore);
}

// A task that registers each name, so that the checks before the run know it.
const register = (...names: readonly string[]): string =>
  names.map((name) => `      - {command: "true", register: ${name}}\n`).join('');

test('a task without conditions or loop is one item with checked arguments', async () => {
  const tasks =
    '      - {name: "conf {{ n }}", file: {path: "/etc/{{ n }}", state: directory, mode: "0755"}}\n';
  expect(await first(tasks)).toEqual({
    kind: 'ready',
    tries: { retries: 3, delay: 5 },
    name: 'conf 1',
    looped: false,
    items: [
      {
        item: undefined,
        label: undefined,
        args: expect.objectContaining({ path: '/etc/1', state: 'directory', mode: '0755' }),
        skippedBy: undefined,
      },
    ],
    become: undefined,
    delegateTo: undefined,
    environment: {},
  });
});

test.each<[string, boolean]>([
  ['n == 1', true],
  ['n == 2', false],
  ['[n == 1, n < 1]', false],
  ['true', true],
  ['false', false],
  ["'no'", false],
  ['no_text', false],
  ['some_text', true],
  ['empty_list', false],
  ['not empty_list', true],
  ['missing is defined and missing.x', false],
])('when: %s decides %s', async (when, holds) => {
  const vars = '    vars: {no_text: "no", some_text: word, empty_list: []}\n';
  const evaluation = await first(`      - {debug: {msg: x}, when: ${when}}\n`, {}, vars);
  expect(evaluation.kind).toBe(holds ? 'ready' : 'skipped');
});

test('the condition that was false is reported', async () => {
  const evaluation = await first('      - {debug: {msg: x}, when: [n == 1, "n > 5"]}\n');
  expect(evaluation).toEqual({ kind: 'skipped', name: 'debug', condition: 'n > 5' });
});

test('a condition waits for what is pending, unless another one is false', async () => {
  const pending: HostValue = { kind: 'pending', task: 'look' };
  const tasks = `${register('r')}      - {debug: {msg: x}, when: r.rc == 0}\n      - {debug: {msg: x}, when: [r.rc == 0, n == 2]}\n      - {debug: {msg: "{{ r.rc }}"}}\n      - {debug: {msg: "{{ n }}"}, when: n == 1 or r.rc == 0}\n`;
  const playbook = await load(play(tasks));
  const { evaluate } = evaluating(playbook, memoriesOf(playbook, { h1: { values: { r: pending } } }));
  expect(evaluate(1)).toEqual({ kind: 'waits', name: 'debug', on: 'look', host: 'h1', variable: 'r' });
  expect(evaluate(2)).toMatchObject({ kind: 'skipped', condition: 'n == 2' });
  expect(evaluate(3)).toMatchObject({ kind: 'waits', on: 'look' });
  expect(evaluate(4)).toMatchObject({ kind: 'ready' });
});

test('in check mode what depends on a task that was not applied is unknown and says so', async () => {
  const tasks = `${register('r')}      - {debug: {msg: "{{ r.stdout }}"}}\n`;
  const playbook = await load(play(tasks));
  const values = { r: { kind: 'unknown' as const, dependsOn: ['install it'] } };
  const evaluation = evaluating(playbook, memoriesOf(playbook, { h1: { values } }), true).evaluate(1);
  expect(evaluation).toEqual({ kind: 'unknown', name: 'debug', dependsOn: ['install it'] });
});

test('loops give one item each, with index, label and the condition that skipped it', async () => {
  const tasks = `
      - debug: {msg: "{{ index }}-{{ one.name }}"}
        loop: "{{ list }}"
        loop_control: {loop_var: one, index_var: index, label: "{{ one.name }}"}
        when: one.name != 'b'
`;
  const vars = '    vars: {list: [{name: a}, {name: b}]}\n';
  expect(await first(tasks, {}, vars)).toMatchObject({
    looped: true,
    items: [
      { item: { name: 'a' }, label: 'a', args: { msg: '0-a' }, skippedBy: undefined },
      { item: { name: 'b' }, label: 'b', args: undefined, skippedBy: "one.name != 'b'" },
    ],
  });
});

test.each<[string, string, string | undefined]>([
  ['"{{ n }}"', 'loop needs a list, not a number', 'put one value into a list: [value]'],
  ['"{{ map }}"', 'loop needs a list, not a mapping', 'add | dict2items'],
  ['"{{ text }}"', 'loop needs a list, not text', 'put one value into a list: [value]'],
])('loop: %s is refused', async (loop, message, hint) => {
  const vars = '    vars: {map: {a: 1}, text: abc}\n';
  const evaluation = await first(`      - {debug: {msg: "{{ item }}"}, loop: ${loop}}\n`, {}, vars);
  expect(evaluation).toMatchObject({ kind: 'failed', problem: { message, hint } });
});

test('a false condition skips a loop whose list is not known', async () => {
  const tasks = `${register('r')}      - {debug: {msg: "{{ item }}"}, loop: "{{ r.stdout_lines }}", when: n == 2}\n`;
  const playbook = await load(play(tasks));
  const values = { r: { kind: 'pending' as const, task: 'look' } };
  const { evaluate } = evaluating(playbook, memoriesOf(playbook, { h1: { values } }));
  expect(evaluate(1)).toMatchObject({ kind: 'skipped', condition: 'n == 2' });
});

test('an empty loop is ready without items; nested lists stay as they are', async () => {
  expect(await first('      - {debug: {msg: "{{ item }}"}, loop: []}\n')).toMatchObject({ items: [] });
  const nested = await first('      - {debug: {msg: "{{ item }}"}, loop: [[1, 2], ["{{ n }}"]]}\n');
  expect(nested).toMatchObject({ items: [{ item: [1, 2] }, { item: [1] }] });
});

test('omit leaves an argument out; text numbers are coerced; a wrong value fails with its place', async () => {
  const omitted = await first('      - {file: {path: /x, mode: "{{ missing | default(omit) }}"}}\n');
  expect(omitted.kind === 'ready' && omitted.items[0]?.args).not.toHaveProperty('mode');
  const wrong = await first('      - {file: {path: /x, state: "{{ n }}"}}\n');
  expect(wrong).toMatchObject({ kind: 'failed', problem: { at: { line: 5 } } });
});

test('assert gets its conditions evaluated, debug its expression', async () => {
  const tasks =
    '      - {assert: {that: [n == 1, n > 5]}}\n      - {debug: {var: n + 1}}\n      - {debug: {var: "r.stdout"}}\n';
  const playbook = await load(play(register('r') + tasks));
  const { evaluate } = evaluating(playbook, memoriesOf(playbook, { h1: { values: { r: registered({}) } } }));
  expect(evaluate(1)).toMatchObject({
    items: [
      {
        args: {
          that: [
            { condition: 'n == 1', holds: true },
            { condition: 'n > 5', holds: false },
          ],
        },
      },
    ],
  });
  expect(evaluate(2)).toMatchObject({ items: [{ args: { var: { expression: 'n + 1', value: 2 } } }] });
  expect(evaluate(3)).toMatchObject({ items: [{ args: { var: { value: 'VARIABLE IS NOT DEFINED!' } } }] });
});

test('files are found along the search path, templates rendered with what they include', async () => {
  const files = {
    ...play('      - {copy: {src: plain.txt, dest: /x, mode: "0644"}}\n', '    roles: [r]\n'),
    'files/plain.txt': 'as {{ it }} is\n',
    'roles/r/tasks/main.yml':
      '- {template: {src: "{{ kind }}.j2", dest: /y, mode: "0644"}, vars: {kind: conf}}\n',
    'roles/r/templates/conf.j2':
      '# {{ ansible_managed }}\n{% include "part.j2" %}\nend {{ lookup("file", "key") }}\n',
    'roles/r/templates/part.j2': 'n = {{ n }}',
    'roles/r/files/key': 'secret\n',
  };
  const playbook = await load(files);
  const { evaluate } = evaluating(playbook);
  const [template, copy] = [evaluate(0), evaluate(1)].map(
    (one) =>
      (one.kind === 'ready' ? one.items[0]?.args : one) as { source_file: { path: string; content: Buffer } },
  );
  expect(template?.source_file.content.toString()).toBe('# Managed by provision\nn = 1end secret\n');
  expect(template?.source_file.path).toMatch(/roles\/r\/templates\/conf\.j2$/);
  expect(copy?.source_file.content.toString()).toBe('as {{ it }} is\n');
});

test('a mistake in a template file is reported with its line there', async () => {
  const files = {
    ...play(`${register('r')}      - {template: {src: a.j2, dest: /y, mode: "0644"}}\n`),
    'templates/a.j2': 'first\nn = {{ r.delta }}\n',
  };
  const playbook = await load(files);
  const values = { r: registered({ deltas: 'x' }) };
  expect(evaluating(playbook, memoriesOf(playbook, { h1: { values } })).evaluate(1)).toMatchObject({
    kind: 'failed',
    problem: {
      message: "'r' has no key 'delta'",
      hint: "did you mean 'deltas'?",
      at: { file: expect.stringMatching(/a\.j2$/), line: 2, column: 10, length: 5 },
    },
  });
});

test('a file that is not there is reported with all places', async () => {
  const evaluation = await first('      - {copy: {src: "{{ n }}.txt", dest: /x, mode: "0644"}}\n');
  expect(evaluation).toMatchObject({
    kind: 'failed',
    problem: {
      code: 'missing-file',
      message: "there is no file '1.txt'",
      why: expect.stringContaining('files/1.txt'),
    },
  });
});

test.each<[string, string, string | undefined]>([
  ['', 'become: true', 'root'],
  ['become: true', '', 'root'],
  ['become: true', 'become: false', undefined],
  ['become: true, become_user: ann', '', 'ann'],
  ['become: true, become_user: ann', 'become_user: "bob{{ n }}"', 'bob1'],
  ['', 'become_user: ann', undefined],
  ['', 'become: "{{ n == 1 }}"', 'root'],
])('play {%s}, task {%s} becomes %s', async (onPlay, onTask, expected) => {
  const playKeys =
    onPlay === ''
      ? ''
      : `${onPlay
          .split(', ')
          .map((key) => `    ${key}`)
          .join('\n')}\n`;
  const evaluation = await first(
    `      - debug: {msg: x}\n${onTask === '' ? '' : `        ${onTask}\n`}`,
    {},
    playKeys,
  );
  expect(evaluation).toMatchObject({ kind: 'ready', become: expected });
});

test('environment of the play lies below that of the task', async () => {
  const evaluation = await first(
    '      - {command: env, environment: {B: "{{ n }}", C: null}}\n',
    {},
    '    environment: {A: 1, B: x}\n',
  );
  expect(evaluation).toMatchObject({ environment: { A: '1', B: '1', C: '' } });
});

test('delegate_to names a host of the inventory, the same for all items', async () => {
  const delegated = (host: string) =>
    first(`      - {debug: {msg: x}, delegate_to: "${host}", loop: [h1, h2]}\n`);
  expect(await delegated("{{ 'h' ~ 2 }}")).toMatchObject({ kind: 'ready', delegateTo: 'h2' });
  expect(await delegated("{{ 'h' ~ 3 }}")).toMatchObject({
    kind: 'failed',
    problem: { code: 'unknown-host', hint: expect.stringContaining('did you mean') },
  });
  expect(await delegated('{{ item }}')).toMatchObject({ kind: 'failed', problem: { code: 'not-supported' } });
});

test('conditions and values can be asked with results added', async () => {
  const tasks =
    '      - {command: "true", register: r, failed_when: [r.rc != 0, "\'x\' in r.stdout"], ignore_errors: "{{ n == 1 }}"}\n';
  const playbook = await load(play(tasks));
  const { evaluator, at, context } = evaluating(playbook);
  const task = at(0);
  const judged = (r: unknown) =>
    evaluator.condition(task.failedWhen ?? [], task, context('h1'), new Map([['r', r]]));
  expect(judged({ rc: 1, stdout: 'x' })).toEqual({
    kind: 'value',
    holds: true,
    condition: "r.rc != 0 and 'x' in r.stdout",
  });
  expect(judged({ rc: 0, stdout: 'x' })).toEqual({ kind: 'value', holds: false, condition: 'r.rc != 0' });
  expect(judged({ rc: 1 })).toMatchObject({
    kind: 'failed',
    problem: { message: "'r' has no key 'stdout'" },
  });
  if (!task.ignoreErrors) throw new Error('ignore_errors is missing');
  expect(evaluator.value(task.ignoreErrors, task, context('h2'))).toEqual({ kind: 'value', value: false });
});

test('include_tasks and meta keep their words', async () => {
  const files = {
    ...play('      - {include_tasks: "{{ n }}.yml"}\n      - {meta: flush_handlers}\n'),
    '1.yml': '- {debug: {msg: one}}\n',
    '2.yml': '- {debug: {msg: two}}\n',
  };
  const { evaluate, at } = evaluating(await load(files));
  expect(evaluate(0)).toMatchObject({ items: [{ args: { file: '1.yml' } }] });
  expect(at(0).includes?.has('1.yml')).toBe(true);
  expect(evaluate(1)).toMatchObject({ kind: 'ready', items: [{}] });
});

test("a file that a role's variable names is the role's own, whoever reads the variable", async () => {
  const playbook = await load({
    ...play(
      "      - {debug: {msg: \"{{ ours }} {{ theirs }} {{ lookup('file', 'word') }}\"}}\n",
      '    roles: [one, two]\n',
    ),
    'files/word': 'beside the playbook\n',
    'roles/one/files/word': 'of role one\n',
    'roles/one/vars/main.yml': "ours: \"{{ lookup('file', 'word') }}, {{ theirs }}\"\n",
    'roles/two/files/word': 'of role two\n',
    'roles/two/defaults/main.yml': "theirs: \"{{ lookup('file', 'word') }} {{ lookup('file', 'other') }}\"\n",
    'files/other': 'and other\n',
  });
  expect(evaluating(playbook).evaluate(0)).toMatchObject({
    items: [
      { args: { msg: 'of role one, of role two and other of role two and other beside the playbook' } },
    ],
  });
});
