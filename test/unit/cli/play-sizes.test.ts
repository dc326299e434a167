import { expect, test } from 'vitest';
import { playSizes } from '../../../src/cli/play-sizes.ts';
import { load } from '../../helpers/language/project.ts';

const files = {
  'playbook.yml': `inventory: { hosts: { localhost: {} } }
plays:
  - hosts: all
    tasks:
      - { name: one, debug: { msg: a }, tags: t }
      - block:
          - { name: two, debug: { msg: a } }
        rescue:
          - { name: only after a failure, debug: { msg: a } }
        always:
          - { name: three, debug: { msg: a }, tags: t }
      - { include_tasks: "{{ s }}.yml" }
  - hosts: all
    tasks:
      - { name: never, debug: { msg: a }, tags: never }
`,
  'root.yml': '- { name: perhaps, debug: { msg: a } }\n',
};

test('counts what hosts are sure to come to; a play of which no task is selected is left out', async () => {
  const playbook = await load(files);
  expect([...playSizes(playbook, {})]).toEqual([[1, 3]]);
  expect([...playSizes(playbook, { tags: ['t'] })]).toEqual([[1, 2]]);
  expect([...playSizes(playbook, { tags: ['all', 'never'] })]).toEqual([
    [1, 3],
    [2, 1],
  ]);
});
