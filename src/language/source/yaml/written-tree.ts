import type { Position } from '../../../errors/problem.ts';
import { type YamlChild, YamlNode } from './yaml-node.ts';

/** Line, column and length. */
type Place = readonly [number, number, number];

/** A YAML tree as JSON: where it stands, what it is, and its value, its items or its entries. */
export type WrittenTree = readonly [...Place, 'value' | 'list' | 'mapping', unknown];

/** Where a key stands, the key, and its value. */
type WrittenEntry = readonly [...Place, string, WrittenTree];

function placeOf({ line, column, length = 1 }: Position): Place {
  return [line, column, length];
}

/** A tree as JSON. Throws when it holds what JSON cannot say. */
export function writtenTree(node: YamlNode): WrittenTree {
  const place = placeOf(node.position);
  if (node.isList()) return [...place, 'list', node.items().map(writtenTree)];
  if (node.isMapping()) {
    const entries = node
      .entries()
      .map(([key, child]): WrittenEntry => [...placeOf(node.keyAt(key)), key, writtenTree(child)]);
    return [...place, 'mapping', entries];
  }
  const { value } = node;
  if (!Object.is(JSON.parse(JSON.stringify(value) ?? 'null'), value))
    throw new Error(`${String(value)} has no place in JSON`);
  return [...place, 'value', value];
}

/** The tree that was written, in the file whose text it is. */
export function treeOf(written: WrittenTree, file: string): YamlNode {
  const at = (line: number, column: number, length: number): Position => ({ file, line, column, length });
  const node = (tree: WrittenTree): YamlNode => {
    const position = at(tree[0], tree[1], tree[2]);
    switch (tree[3]) {
      case 'list': {
        const children = new Map<number, YamlChild>();
        const value: unknown[] = [];
        for (const item of tree[4] as readonly WrittenTree[]) {
          const child = node(item);
          children.set(value.length, { keyAt: child.position, node: child });
          value.push(child.value);
        }
        return new YamlNode(value, position, children);
      }
      case 'mapping': {
        const children = new Map<string, YamlChild>();
        for (const [line, column, length, key, child] of tree[4] as readonly WrittenEntry[])
          children.set(key, { keyAt: at(line, column, length), node: node(child) });
        return YamlNode.mapping(position, children);
      }
      default:
        return new YamlNode(tree[4], position);
    }
  };
  return node(written);
}
