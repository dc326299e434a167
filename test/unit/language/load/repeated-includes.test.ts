import { expect, test } from 'vitest';
import { load, problemsOf } from '../../../helpers/language/written-playbook.ts';

const inventory = { all: { hosts: { h1: {} }, vars: { wanted: false } } };
const site = (tasks: readonly object[], more: Readonly<Record<string, object>>) => ({
  'site.yml': JSON.stringify({ inventory, plays: [{ hosts: 'all', tasks }] }),
  ...Object.fromEntries(Object.entries(more).map(([file, content]) => [file, JSON.stringify(content)])),
});
const again = { include_tasks: 'again.yml' };

test.each([
  ['a condition', [{ ...again, when: 'wanted' }]],
  ['a failure', [{ block: [{ command: 'true' }], rescue: [again] }]],
])('a file that includes itself behind %s is put in place five times', async (_, tasks) => {
  const { warnings } = await load(site([again], { 'again.yml': tasks }));
  expect(warnings).toEqual([
    expect.stringMatching(/again\.yml includes itself more than 5 times, the task fails/),
  ]);
});

test('one that does so always would never end', async () => {
  const [problem] = await problemsOf(site([again], { 'again.yml': [again] }));
  expect(problem).toMatchObject({ code: 'endless-include', message: 'the file includes itself' });
});

test('files that a template may name may lead to where it stands', async () => {
  const tasks = [{ include_tasks: '{{ wanted }}.yml' }];
  const { warnings } = await load(
    site([{ include_tasks: 'one.yml' }], { 'one.yml': tasks, 'two.yml': [{ import_tasks: 'one.yml' }] }),
  );
  expect(warnings).toEqual([expect.stringMatching(/one\.yml includes itself, the task fails/)]);
});

test('a file of a role may import the role that it belongs to', async () => {
  const files = site([{ include_role: { name: 'r', tasks_from: 'verify' } }], {
    'roles/r/tasks/main.yml': [{ command: 'true' }],
    'roles/r/tasks/verify.yml': [{ import_role: { name: 'r' } }],
  });
  expect((await load(files)).plays[0]?.tasks).toHaveLength(2);
});
