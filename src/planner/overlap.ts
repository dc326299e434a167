/** Whether two declared paths can touch the same file; a trailing `/` means everything below. */
export function pathsOverlap(one: string, other: string): boolean {
  const below = (path: string, tree: string) => tree.endsWith('/') && `${path}/`.startsWith(tree);
  return one === other || below(one, other) || below(other, one);
}

/** The first of `paths` that overlaps one of `altered`. */
export function firstOverlap(paths: readonly string[], altered: Iterable<string>): string | undefined {
  for (const path of altered) if (paths.some((own) => pathsOverlap(own, path))) return path;
  return undefined;
}
