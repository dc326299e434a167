import { expect, test } from 'vitest';
import { problemsOf } from '../../../helpers/language/written-playbook.ts';

const site = (task: string) => `inventory: { hosts: { h1: {} } }
plays:
  - hosts: all
    gather_facts: false
    tasks:
      - ${task}
`;

test.each([
  ["lineinfile: { path: /a, regexp: '^(a', line: b }", 41, 'regexp', 'missing ), unterminated subpattern'],
  ["lineinfile: { path: /a, insertafter: '[a', line: b }", 46, 'insertafter', 'unterminated character set'],
  ["blockinfile: { path: /a, insertbefore: 'a**', block: b }", 48, 'insertbefore', 'multiple repeat'],
  ["replace: { path: /a, regexp: '*', replace: '' }", 38, 'regexp', 'nothing to repeat'],
  [
    "replace: { path: /a, regexp: '*', replace: '{{ inventory_hostname }}' }",
    38,
    'regexp',
    'nothing to repeat',
  ],
  ["find: { paths: /a, patterns: ['a)'], use_regex: true }", 38, 'patterns', 'unbalanced parenthesis'],
  [
    "wait_for: { path: /a, search_regex: '(?=a)' }",
    45,
    'search_regex',
    'grep on the host has nothing for (?...)',
  ],
])('%s', async (task, column, argument, reason) => {
  expect(await problemsOf({ 'site.yml': site(task) })).toMatchObject([
    { code: 'wrong-value', message: `${argument} cannot be used: ${reason}`, at: { line: 6, column } },
  ]);
});

test.each([
  ["command: echo 'it", "command: a quote is not closed in the command: echo 'it"],
  ['wait_for: { search_regex: a, port: 1 }', 'wait_for: search_regex needs path'],
])('%s', async (task, message) => {
  expect(await problemsOf({ 'site.yml': site(task) })).toMatchObject([
    { code: 'wrong-value', message, at: { line: 6 } },
  ]);
});

test.each([
  "replace: { path: /a, regexp: '({{ inventory_hostname }}', replace: '' }",
  "find: { paths: /a, patterns: ['*('] }",
  `command: echo "{{ 'it' }}'`,
])('%s is left to the run', async (task) => {
  expect(await problemsOf({ 'site.yml': site(task) })).toEqual([]);
});
