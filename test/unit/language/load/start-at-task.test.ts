import { describe, expect, test } from 'vitest';
import { allTasks } from '../../../../src/language/task-walk.ts';
import { load } from '../../../helpers/language/project.ts';

const playbook = `
inventory: { hosts: { h1: {} } }
plays:
  - hosts: all
    tasks:
      - { name: first, debug: { msg: 1 } }
      - { name: second (2.), debug: { msg: 2 } }
  - hosts: all
    tasks:
      - { name: third, debug: { msg: 3 } }
      - block:
          - { name: fourth, debug: { msg: 4 } }
          - { name: fifth, debug: { msg: 5 } }
        rescue:
          - { name: rescue, debug: { msg: 6 } }
      - { name: last, debug: { msg: 7 } }
`;

async function left(startAtTask: string): Promise<readonly string[]> {
  const { plays } = await load({ 'playbook.yml': playbook }, { startAtTask });
  const tasks = plays.flatMap((play) => [...allTasks(play.tasks)]);
  return tasks.flatMap(({ name, resource }) => (resource === 'meta' ? [] : [name ?? resource]));
}

describe('--start-at-task', () => {
  test.each([
    ['first', ['first', 'second (2.)', 'third', 'fourth', 'fifth', 'rescue', 'last']],
    ['second (2.)', ['second (2.)', 'third', 'fourth', 'fifth', 'rescue', 'last']],
    ['th*', ['third', 'fourth', 'fifth', 'rescue', 'last']],
    ['fifth', ['fifth', 'rescue', 'last']],
    ['rescue', ['fourth', 'fifth', 'rescue', 'last']],
    ['last', ['last']],
  ])('%s', async (name, tasks) => {
    expect(await left(name)).toEqual(tasks);
  });

  test('a role is named before the task, as lists of tasks show it', async () => {
    const { plays } = await load(
      {
        'playbook.yml': 'inventory: { hosts: { h1: {} } }\nplays: [{ hosts: all, roles: [one] }]\n',
        'roles/one/tasks/main.yml': '- { name: a, debug: { msg: 1 } }\n- { name: b, debug: { msg: 2 } }\n',
      },
      { startAtTask: 'one : b' },
    );
    expect(plays.flatMap((play) => [...allTasks(play.tasks)]).map(({ name }) => name)[0]).toBe('b');
  });
});
