import type { WrittenTree } from './written-tree.ts';

/**
 * The tree of a YAML text that comes with provision, read when the bundle was built.
 * In the sources there are none: the bundle has build/runtime/shipped-trees.ts in its place.
 */
export function shippedTree(_text: string): WrittenTree | undefined {
  return undefined;
}
