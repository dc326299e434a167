import { expect, test } from 'vitest';
import { load } from '../../../helpers/language/project.ts';

test('a condition that stands in braces as a whole means the same without, and is warned of', async () => {
  const { warnings } = await load({
    'playbook.yml': `
inventory: { hosts: { h: {} } }
plays:
  - hosts: h
    tasks:
      - { name: a, command: "true", when: "{{ x }}", changed_when: ["{{ not x }}"], vars: { x: true } }
      - { block: [{ debug: { msg: x } }], when: "{{ 1 == 1 }}" }
`,
  });
  expect(warnings).toEqual([
    expect.stringMatching(
      /playbook\.yml:6: 'when' is an expression already and needs no braces: write when: x$/,
    ),
    expect.stringMatching(/playbook\.yml:6: 'changed_when' is .*: write changed_when: not x$/),
    expect.stringMatching(/playbook\.yml:7: 'when' is .*: write when: 1 == 1$/),
  ]);
});

test('a template that is an operand is taken for what it gives, with a warning', async () => {
  const { warnings } = await load({
    'playbook.yml': `
inventory: { hosts: { h: {} } }
plays:
  - hosts: h
    tasks:
      - { command: "true", when: "{{ x }} == 1 and 'a' in {{ y }}", vars: { x: 1, y: [a] } }
`,
  });
  expect(warnings).toEqual([
    expect.stringMatching(
      /playbook\.yml:6: 'when' is an expression already: names in it need neither braces nor quotes$/,
    ),
  ]);
});
