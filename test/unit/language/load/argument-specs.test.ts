import { expect, test } from 'vitest';
import { load, problemsOf } from '../../../helpers/language/written-playbook.ts';

function role(type: string, value: unknown) {
  const inventory = { all: { hosts: { h1: {} } } };
  return {
    'site.yml': JSON.stringify({ inventory, plays: [{ hosts: 'all', roles: ['r'] }] }),
    'roles/r/tasks/main.yml': '- debug: { msg: "{{ v }}" }\n',
    'roles/r/defaults/main.yml': JSON.stringify({ v: value }),
    'roles/r/meta/argument_specs.yml': JSON.stringify({
      argument_specs: { main: { options: { v: { type } } } },
    }),
  };
}

// What validate_argument_spec of Ansible takes for each type.
test.each([
  ['int', '640000'],
  ['int', true],
  ['float', '1.5'],
  ['str', 1],
  ['str', false],
  ['str', []],
  ['bool', 'yes'],
  ['bool', 0],
  ['list', ''],
  ['list', 'a,b'],
  ['list', 3],
  ['list', true],
  ['list', null],
])('%s takes %j', async (type, value) => {
  expect((await load(role(type, value))).plays).toHaveLength(1);
});

test.each([
  ['int', '10s'],
  ['int', 1.5],
  ['bool', 'maybe'],
  ['list', {}],
  ['dict', 'a'],
])('%s does not take %j', async (type, value) => {
  expect((await problemsOf(role(type, value))).length).toBeGreaterThan(0);
});

// What stands between the commas of a text is looked at as items are.
test.each([
  [{ elements: 'int' }, '1, 2', true],
  [{ elements: 'int' }, 'a', false],
  [{ elements: 'int' }, '', false],
  [{ elements: 'bool' }, 'yes,off', true],
  [{ elements: 'bool' }, 'yes,x', false],
  [{ choices: ['a.b', 'c'] }, 'a.b,c', true],
  [{ choices: ['a.b', 'c'] }, 'axb', false],
  [{ choices: ['a b', 'x:y/z', '[(*'] }, '[(*,x:y/z,a b', true],
  [{ required: true }, null, false],
])('a list with %j, given as %j: %s', async (more, value, taken) => {
  const files = {
    ...role('list', value),
    'roles/r/meta/argument_specs.yml': JSON.stringify({
      argument_specs: { main: { options: { v: { type: 'list', ...more } } } },
    }),
  };
  expect(await problemsOf(files)).toHaveLength(taken ? 0 : 1);
});
