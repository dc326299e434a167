import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { WrittenTree } from '../../../src/language/source/yaml/written-tree.ts';
import { treeOf, writtenTree } from '../../../src/language/source/yaml/written-tree.ts';
import { parseYaml } from '../../../src/language/source/yaml/yaml.ts';
import type { YamlNode } from '../../../src/language/source/yaml/yaml-node.ts';

const root = join(import.meta.dirname, '../../..');

function inside(node: YamlNode): readonly YamlNode[] {
  const children = node.isList() ? node.items() : node.entries().map(([, child]) => child);
  return [node, ...children.flatMap(inside)];
}

test.each(globSync(['roles/**/*.yml', 'playbooks/*.yml'], { cwd: root }))(
  '%s is the same when it was written down',
  (path) => {
    const { root: read } = parseYaml(path, readFileSync(join(root, path), 'utf8'));
    if (!read) throw new Error('it cannot be read');
    const written: WrittenTree = JSON.parse(JSON.stringify(writtenTree(read)));
    const again = treeOf(written, path);
    expect(writtenTree(again)).toEqual(writtenTree(read));
    expect(inside(again)).toEqual(inside(read));
  },
);

test('what JSON cannot say is refused', () => {
  const { root: read } = parseYaml('x.yml', 'a: .inf');
  expect(() => read && writtenTree(read)).toThrow('Infinity');
});
