import { readFileSync } from 'node:fs';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import type { ExchangeResource } from '../../../src/resources/resource.ts';
import { quote } from '../../../src/shell/quote.ts';
import { emptyProject } from '../../helpers/runner/local-run.ts';

interface Want {
  readonly file: string;
  readonly at?: string;
  readonly tries?: number;
}

/** A line that every host writes into a file, and host a finds there, or the one that is named. */
const letter: ExchangeResource<Want> = {
  kind: 'exchange',
  name: 'letter',
  summary: 'A letter in a file',
  schema: Type.Object(
    {
      file: Type.String({ description: 'where letters lie' }),
      at: Type.Optional(Type.String({ description: 'who finds them' })),
      tries: Type.Optional(Type.Integer({ description: 'how often they are looked for' })),
    },
    { additionalProperties: false },
  ),
  listener: ({ at }) => at ?? 'a',
  within: (want, seconds) => ({ ...want, tries: Math.min(want.tries ?? 300, seconds) }),
  listenScript: ([want], tokens, ahead) => `echo ready
tries=0
for token in ${tokens.join(' ')}; do
  until grep -qs "$token" ${quote(want?.file ?? '')}; do
    sleep 0.01; tries=$((tries + 1)); [ "$tries" -lt ${ahead ? 20 : (want?.tries ?? 300)} ] || exit 0
  done
  echo "arrived $token ${ahead ? 'ahead' : 'now'}"
done`,
  sendScript: ({ file }, token, ahead) =>
    `[ ! -e ${quote(`${file}.closed`)} ] || exit ${ahead ? 0 : 1}; echo ${token} ${ahead ? 'ahead' : 'now'} >>${quote(file)}`,
  judge: (want, { code }, arrival) =>
    code === 0 && arrival
      ? { status: 'ok', message: `${arrival.detail}, at most: ${arrival.atMost}` }
      : { status: 'failed', message: `it did not come in ${want.tries} tries` },
  diagnoseScript: () => ':',
};

const project = emptyProject(letter);

const letters = () => readFileSync(project.path('letters'), 'utf8').trim().split('\n');
const plays = (before = '') => `
- hosts: all
  gather_facts: false
  tasks:
    - { name: looked at, stat: { path: / } }
${before}
    - name: letter
      letter: { file: DIR/letters }
`;
const change = (host: string) =>
  `    - { name: change, copy: { dest: "DIR/changed", content: x }, when: inventory_hostname == '${host}' }`;

test('what is sent is on its way with the first questions, and one program finds it', async () => {
  const { results, recap } = await project.run(plays(), { hosts: 3 });
  expect(results.filter(({ name }) => name === 'letter').map(({ message }) => message)).toEqual(
    Array(3).fill('ahead, at most: true'),
  );
  expect(letters().map((line) => line.replace(/^\S+ /, ''))).toEqual(['ahead', 'ahead', 'ahead']);
  expect(recap.a).toMatchObject({ verifyExecs: 1 });
  expect(recap.b).toMatchObject({ execs: 2, verifyExecs: 0 });
});

test.each([
  ['on the sender: it sends again', 'b', { a: 'ahead', b: 'now', c: 'ahead' }],
  ['on the listener: all send again', 'a', { a: 'now', b: 'now', c: 'now' }],
])('after a change %s', async (_what, host, proven) => {
  const { results } = await project.run(plays(change(host)), { hosts: 3 });
  const found = results.filter(({ name }) => name === 'letter');
  expect(Object.fromEntries(found.map(({ host: name, message }) => [name, message?.split(',')[0]]))).toEqual(
    proven,
  );
});

test('a line that was sent before and did not come is sent again', async () => {
  project.write('letters.closed', '');
  const run = project.run(plays('    - { name: slow, command: sleep 0, changed_when: false }'), { hosts: 1 });
  const { results } = await run;
  expect(results.at(-1)).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('it did not come'),
  });
});

test.each([
  ['the task', '', 'timeout: 2, '],
  ['the play', '  timeout: 3\n', ''],
  ['the task, where the argument is less', '', 'timeout: 4, tries: 1'],
])('timeout of %s bounds the wait', async (_of, play, task) => {
  project.write('letters.closed', '');
  const [timeout = '', tries] = task.split(', ');
  const site = plays(change('a'))
    .replace('  tasks:\n', `${play}  tasks:\n`)
    .replace('DIR/letters }', `DIR/letters${tries ? `, ${tries}` : ''} }\n      ${timeout}`);
  const { results } = await project.run(site, { hosts: 1 });
  const bound = tries ? 1 : Number(/\d/.exec(`${play}${task}`)?.[0]);
  expect(results.at(-1)).toMatchObject({
    status: 'failed',
    message: expect.stringContaining(`in ${bound} tries`),
  });
});

test('a dry run sends nothing', async () => {
  project.write('letters', '');
  const { results } = await project.run(plays(), { hosts: 2, check: true });
  expect(results.at(-1)).toMatchObject({ status: 'skipped' });
  expect(letters()).toEqual(['']);
});

test('hosts may send to different listeners: each hears its own', async () => {
  const apart = plays().replace('file: DIR/letters', `file: "DIR/letters.{{ at }}", at: "{{ at }}"`);
  const vars = "      vars: { at: \"{{ 'b' if inventory_hostname == 'c' else 'a' }}\" }\n";
  const { results, recap } = await project.run(`${apart}${vars}`, { hosts: 3 });
  expect(results.filter(({ name }) => name === 'letter').map(({ status }) => status)).toEqual(
    Array(3).fill('ok'),
  );
  expect([recap.a?.verifyExecs, recap.b?.verifyExecs]).toEqual([1, 1]);
  const lines = (at: string) =>
    readFileSync(project.path(`letters.${at}`), 'utf8')
      .trim()
      .split('\n').length;
  expect([lines('a'), lines('b')]).toEqual([2, 1]);
});
