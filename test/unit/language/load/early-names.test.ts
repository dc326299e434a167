import { describe, expect, test } from 'vitest';
import { flat } from '../../../helpers/language/project.ts';
import { load, problemsOf } from '../../../helpers/language/written-playbook.ts';

const inventory = { all: { hosts: { h1: { ofhost: 'a' } } } };
const says = (word: string) => JSON.stringify([{ debug: { msg: word } }]);
const site = (play: object, more: Readonly<Record<string, string>> = {}) => ({
  'site.yml': JSON.stringify({ inventory, plays: [{ hosts: 'all', gather_facts: false, ...play }] }),
  'roles/web_a/tasks/main.yml': says('role a'),
  'roles/web_b/tasks/main.yml': says('role b'),
  'part-a.yml': says('part a'),
  ...more,
});
const said = async (files: Readonly<Record<string, string>>, extraVars: readonly string[] = []) => {
  const { plays } = await load(files, extraVars);
  return flat(plays[0]?.tasks ?? []).flatMap(({ args }) =>
    typeof args.value === 'object' && args.value !== null && 'msg' in args.value ? [args.value.msg] : [],
  );
};

describe('what is put in place when the playbook is read may be named by what is known then', () => {
  test.each<[string, object, readonly unknown[]]>([
    ['a role by a variable of the play', { vars: { x: 'a' }, roles: ['web_{{ x }}'] }, ['role a']],
    ['by a default', { roles: [{ role: "web_{{ x | default('b') }}" }] }, ['role b']],
    ['by a variable made of another', { vars: { x: '{{ y }}', y: 'a' }, roles: ['web_{{ x }}'] }, ['role a']],
    ['import_role', { vars: { x: 'b' }, tasks: [{ import_role: { name: 'web_{{ x }}' } }] }, ['role b']],
    [
      'import_role by a variable of its own',
      { vars: { x: 'b' }, tasks: [{ import_role: { name: 'web_{{ x }}' }, vars: { x: 'a' } }] },
      ['role a'],
    ],
    ['import_tasks', { vars: { x: 'a' }, tasks: [{ import_tasks: 'part-{{ x }}.yml' }] }, ['part a']],
  ])('%s', async (_name, play, words) => {
    expect(await said(site(play))).toEqual(words);
  });

  test('the command line wins', async () => {
    const files = site({ vars: { x: 'a' }, roles: ['web_{{ x }}'] });
    expect(await said(files, ['x=b'])).toEqual(['role b']);
  });

  test('a file of variables, and the defaults of a role', async () => {
    const files = site(
      { vars_files: ['more.yml'], roles: ['{{ outer }}'] },
      {
        'more.yml': 'outer: one\n',
        'roles/one/defaults/main.yml': 'kind: b\n',
        'roles/one/tasks/main.yml': JSON.stringify([{ import_role: { name: 'web_{{ kind }}' } }]),
      },
    );
    expect(await said(files)).toEqual(['role b']);
  });

  test.each<[object, RegExp]>([
    [{ roles: ['web_{{ ofhost }}'] }, /name of a role is not known.*only variables of the play/],
    [{ tasks: [{ import_role: { name: 'web_{{ ofhost }}' } }] }, /this import_role is not known/],
    [{ tasks: [{ import_tasks: 'part-{{ ofhost }}.yml' }] }, /this import_tasks is not known/],
    [{ vars: { x: '{{ x }}' }, roles: ['web_{{ x }}'] }, /name of a role is not known/],
    [{ tasks: [{ import_role: { name: 'web_a' }, loop: [1] }] }, /import_role takes no loop/],
  ])('what only a host has is refused: %j', async (play, message) => {
    const problems = await problemsOf(site(play));
    expect(problems.map(({ message, why }) => `${message}: ${why}`)).toEqual([
      expect.stringMatching(message),
    ]);
  });
});
