import { expect, test } from 'vitest';
import { problemsOf } from '../../../helpers/language/written-playbook.ts';

/** What somebody who is new to Ansible's language gets wrong, each alone in the tasks of a play. */
const slips: readonly (readonly [task: string, place: string, message: string, hint: string])[] = [
  [
    '- instal: { name: nginx }',
    '5:9',
    "unknown key 'instal' in the task",
    'docs/resources.md has all resources',
  ],
  ['- aptt: name=nginx', '5:9', "unknown key 'aptt' in the task", "did you mean 'apt'?"],
  [
    '- apt:\n    name: nginx\n    when: true',
    '7:11',
    "unknown key 'when' in apt",
    "'when' belongs to the task: indent it like 'apt'",
  ],
  [
    '- copy: { content: a, dest: /a, become: true }',
    '5:39',
    "unknown key 'become' in copy",
    "'become' belongs to the task: indent it like 'copy'",
  ],
  [
    '- apt: name=nginx, state=present',
    '5:14',
    "'name[0]' cannot be 'nginx,'",
    'leave out the comma: spaces stand between arguments in one line',
  ],
  [
    '- debug: { msg: "{{ inventory_hostname }" }',
    '5:46',
    "'}' closes nothing",
    "a template ends with two of them: '}}'",
  ],
  [
    '- debug: { msg: a }\n  when: inventory_hostname == “h1”',
    '6:37',
    "'“' means nothing here",
    'write \' or ": these are the quotes of a word processor',
  ],
  [
    '- debug: { msg: "{{ itme }}" }\n  loop: [1, 2]',
    '5:27',
    "the variable 'itme' is not defined",
    "did you mean 'item'?",
  ],
  [
    '- debug: { msg: "{{ item }}" }\n  with_item: [1, 2]',
    '6:9',
    "unknown key 'with_item' in the task",
    "did you mean 'with_items'?",
  ],
  [
    '- debug: { msg: "{{ item.key }}" }\n  loop: { a: 1 }',
    '6:15',
    "'loop' takes a list, and this is a mapping",
    'give the mapping a name under vars and write loop: "{{ NAME | dict2items }}", or write with_dict',
  ],
  [
    '- debug: { msg: "{{ \'a\' | uppercase }}" }',
    '5:33',
    "there is no filter 'uppercase'",
    "did you mean 'upper'?",
  ],
  ['- command: uptime\n  register: my-out', '6:19', "'register' cannot be 'my-out'", 'write my_out'],
  [
    '- debug: { msg: a }\n  when: foo is define',
    '6:22',
    "there is no test 'define'",
    "did you mean 'defined'?",
  ],
  [
    '- debug: { msg: "{% for a in [1] %}a{% endfro %}" }',
    '5:46',
    "'endfro' ends or continues nothing that is open here",
    "did you mean 'endfor'?",
  ],
];

test.each(slips)('%s', async (task, place, message, hint) => {
  const tasks = task.replace(/^/gm, '      ');
  const head = 'inventory: { hosts: { h1: {} } }\nplays:\n  - hosts: all\n    tasks:\n';
  const [first, ...more] = await problemsOf({ 'site.yml': `${head}${tasks}\n` });
  expect(more).toEqual([]);
  expect(first).toMatchObject({ message, ...(hint && { hint }) });
  expect(`${first?.at?.line}:${first?.at?.column}`).toBe(place);
});

test.each([
  ['hosts: all\n    roles: nginx', '4:12', 'roles must be a list', 'begin each role with `- `'],
  ['hosts: all\n    vars_files: /no/such.yml', '4:17', 'there is no file /no/such.yml', undefined],
  ['hosts: h1 h2', '3:12', "there is no host or group 'h1 h2'", 'hosts are separated by commas: h1,h2'],
])('%s', async (play, place, message, hint) => {
  const text = `inventory: { hosts: { h1: {}, h2: {} } }\nplays:\n  - ${play}\n`;
  const [first, ...more] = await problemsOf({ 'site.yml': text });
  expect(more).toEqual([]);
  expect(first).toMatchObject({ message, ...(hint && { hint }) });
  expect(`${first?.at?.line}:${first?.at?.column}`).toBe(place);
});
