import { expect, test } from 'vitest';
import { prepareArguments } from '../../../../src/language/source/schema/prepared-arguments.ts';
import { parseYaml } from '../../../../src/language/source/yaml/yaml.ts';
import { YamlNode } from '../../../../src/language/source/yaml/yaml-node.ts';
import { argumentFaults } from '../../../../src/language/tasks/argument-faults.ts';
import { resources } from '../../../helpers/resources/all-resources.ts';

interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
}

const judging = [...new Set(resources.values())].filter(({ faults }) => faults !== undefined);
const rows = judging.flatMap(({ name, schema }) => {
  const { properties = {} }: Shape = schema;
  return Object.entries(properties)
    .filter(([, { type }]) => type === 'array' || type === 'object')
    .map(([key]) => [name, key] as const);
});

test.each(rows)('%s, whose %s is a template as a whole, is judged by what else is written', (name, key) => {
  const resource = resources.get(name);
  if (!resource) throw new Error(`no resource ${name}`);
  const { root } = parseYaml('tasks.yml', `${key}: '{{ what_comes_later }}'\n`);
  if (!(root instanceof YamlNode)) throw new Error('no mapping');
  const { args } = prepareArguments(resource, root.value, root, { templated: true });
  expect(argumentFaults(resource, root, args)).toEqual([]);
});
