import { expect, test } from 'vitest';
import { displayPath } from '../../../../src/language/source/loading/loading.ts';
import { evaluating, load, memoriesOf } from '../../../helpers/language/written-playbook.ts';

const out = { rc: 0, stdout: '12', stdout_lines: ['12'] };

/** What a task fails with on a host on which `out` was registered. */
async function failure(task: string, more: Readonly<Record<string, string>> = {}) {
  const tasks = `      - command: id\n        register: out\n      - ${task}\n`;
  const site = `inventory: {hosts: {h1: }}\nplays:\n  - hosts: all\n    tasks:\n${tasks}`;
  const playbook = await load({ 'site.yml': site, ...more });
  const memories = memoriesOf(playbook, { h1: { values: { out: { kind: 'value', value: out } } } });
  const evaluation = evaluating(playbook, memories).evaluate(1);
  if (evaluation.kind !== 'failed') throw new Error(`it does not fail, it is ${evaluation.kind}`);
  const { message, why } = evaluation.problem;
  return { message, why: why?.replaceAll(`${displayPath(playbook.directory)}/`, '') };
}

test.each([
  [
    'debug: {msg: "sum {{ out.stdout + 1 }} {{ out.rc }}"}',
    'text and a number cannot be added',
    "'{{ out.stdout + 1 }}' in site.yml:7:30",
  ],
  [
    'debug: {msg: "{{ out.stdout.foo }}"}',
    "'out.stdout' (text) has no 'foo'",
    "'{{ out.stdout.foo }}' in site.yml:7:37",
  ],
  [
    'debug: {msg: x, }\n        when: out.rc.x > 3',
    "'out.rc' (a number) has no 'x'",
    "'out.rc.x > 3' in site.yml:8:22",
  ],
  [
    'debug: {msg: "{% for x in out.rc %}{{ x }}{% endfor %}"}',
    'a number is not a list',
    "'{% for x in out.rc %}' in site.yml:7:35",
  ],
  [
    'debug:\n          msg: |\n            first\n            {{ out.stdout_lines\n              | dict2items }}',
    'dict2items needs a mapping, not a list',
    "'{{ out.stdout_lines | dict2items }}' in site.yml:11:17",
  ],
])('%s', async (task, message, why) => {
  expect(await failure(task)).toEqual({ message, why });
});

test('in a template file it stands there', async () => {
  const files = { 'templates/x.j2': 'first\n{{ out.stdout * out.stdout_lines }}\n' };
  expect((await failure('template: {src: x.j2, dest: /tmp/x}', files)).why).toBe(
    "'{{ out.stdout * out.stdout_lines }}' in templates/x.j2:2:4",
  );
});

test('a long expression is cut', async () => {
  const { why } = await failure(`debug: {msg: "{{ out.stdout + 1 + ${'1 + '.repeat(50)}1 }}"}`);
  expect(why).toMatch(/^'\{\{ out\.stdout \+ 1 [+1 ]+\.\.\.' in site\.yml:7:26$/);
  expect(why?.length).toBeLessThan(130);
});

test('under no_log nothing of the expression is shown', async () => {
  const failed = await failure('debug: {msg: "{{ out.stdout + 1 }}"}\n        no_log: true');
  expect(failed).toEqual({ message: 'text and a number cannot be added', why: undefined });
});
