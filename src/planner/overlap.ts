import { posix } from 'node:path';
import type { Change } from '../resources/resource.ts';

/** Whether two declared paths can touch the same file; a trailing `/` means everything below. */
export function pathsOverlap(one: string, other: string): boolean {
  const below = (path: string, tree: string) => tree.endsWith('/') && `${path}/`.startsWith(tree);
  return one === other || below(one, other) || below(other, one);
}

/** What a contained change alters: its declared paths, and the directories above one that it makes. */
export function changedPaths(declared: readonly string[], changes: readonly Change[]): readonly string[] {
  if (!changes.some(({ from, to }) => from === 'absent' && to === 'directory')) return declared;
  return [...new Set(declared.flatMap((path) => [path, ...directoriesAbove(path)]))];
}

function directoriesAbove(path: string): readonly string[] {
  const parent = posix.dirname(path);
  return parent === '/' || parent === '.' ? [] : [parent, ...directoriesAbove(parent)];
}

/** The first of `paths` that overlaps one of `altered`. */
export function firstOverlap(paths: readonly string[], altered: Iterable<string>): string | undefined {
  for (const path of altered) if (paths.some((own) => pathsOverlap(own, path))) return path;
  return undefined;
}
