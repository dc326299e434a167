import { posix } from 'node:path';
import type { Change } from '../resources/resource.ts';

/** What a contained change alters: its declared paths, and the directories above one that it makes. */
export function changedPaths(declared: readonly string[], changes: readonly Change[]): readonly string[] {
  if (!changes.some(({ from, to }) => from === 'absent' && to === 'directory')) return declared;
  return [...new Set(declared.flatMap((path) => [path, ...directoriesAbove(path)]))];
}

function directoriesAbove(path: string): readonly string[] {
  const parent = posix.dirname(path);
  return parent === '/' || parent === '.' ? [] : [parent, ...directoriesAbove(parent)];
}
