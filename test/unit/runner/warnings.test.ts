import { expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const plays = `
- hosts: all
  tasks:
    - name: careful
      warn: { msg: "{{ inventory_hostname }}: anyone may send" }
      register: shown
    - name: not here
      warn: not so
      when: false
    - name: each
      warn: { msg: "mind the {{ item }}" }
      loop: [gap, dog]
      when: inventory_hostname == 'a'
    - name: secret
      warn: { msg: hidden }
      no_log: true
    - name: went on
      assert: { that: "shown.msg == inventory_hostname ~ ': anyone may send' and not shown.changed" }
`;

test.each([true, false])('warn prints, changes nothing and goes on; check: %s', async (check) => {
  const { events, exitCode, changed, lines } = await project.run(plays, { check, hosts: 2 });
  expect([exitCode, changed]).toEqual([0, false]);
  const warnings = events.filter((event) => event.type === 'warning');
  expect(warnings.map(({ host, message }) => `${host} ${message}`).toSorted()).toEqual([
    'a a: anyone may send',
    'a mind the dog',
    'a mind the gap',
    'b b: anyone may send',
  ]);
  expect(lines).toContain('b not here skipped');
  for (const host of ['a', 'b']) {
    expect(lines).toContain(`${host} careful ok`);
    expect(lines).toContain(`${host} went on ok`);
  }
});
