import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writtenTree } from '../src/language/source/yaml/written-tree.ts';
import { parseYaml } from '../src/language/source/yaml/yaml.ts';

/** Writes the trees of all YAML that comes with provision, by its text. */
export function writeShippedTrees(root: string, file: string): void {
  const paths = globSync(['roles/**/*.yml', 'playbooks/*.yml'], { cwd: root }).sort();
  const trees = paths.map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const { root: tree, problems } = parseYaml(path, text);
    if (!tree || problems.length > 0) throw new Error(`${path}: ${problems[0]?.message}`);
    return [text, writtenTree(tree)];
  });
  writeFileSync(file, JSON.stringify(trees));
}
