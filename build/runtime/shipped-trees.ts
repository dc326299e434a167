import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WrittenTree } from '../../src/language/source/yaml/written-tree.ts';

let trees: ReadonlyMap<string, WrittenTree> | undefined;

/** The tree of a YAML text that came with this bundle; a text with any change is another text. */
export function shippedTree(text: string): WrittenTree | undefined {
  trees ??= new Map(JSON.parse(readFileSync(join(__dirname, 'shipped-trees.json'), 'utf8')));
  return trees.get(text);
}
