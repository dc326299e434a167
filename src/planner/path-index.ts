/**
 * Paths that something alters, each with what is known of it; a trailing `/` means everything below, and the directory itself.
 * A look-up takes the time of the path's own depth, however many paths there are.
 */
export class PathIndex<Value> {
  readonly #exact = new Map<string, Value>();
  readonly #trees = new Map<string, Value>();
  /** Every path and tree under each directory above it. */
  readonly #below = new Map<string, Value>();

  set(path: string, value: Value): void {
    const isTree = path.endsWith('/');
    const own = isTree ? trimmed(path) : path;
    (isTree ? this.#trees : this.#exact).set(own, value);
    for (const above of selfAndAbove(own)) this.#below.set(above, value);
  }

  /** What is known of a path that can touch the same file as one of these; undefined when none can. */
  overlapping(paths: Iterable<string>): Value | undefined {
    for (const path of paths) {
      const isTree = path.endsWith('/');
      const own = isTree ? trimmed(path) : path;
      const found = isTree ? this.#below.get(own) : this.#exact.get(own);
      if (found !== undefined) return found;
      for (const above of selfAndAbove(own)) {
        const tree = this.#trees.get(above);
        if (tree !== undefined) return tree;
      }
    }
    return undefined;
  }
}

function trimmed(path: string): string {
  return path.slice(0, -1) || '/';
}

function selfAndAbove(path: string): readonly string[] {
  const all = [path];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    all.push(path.slice(0, end));
  if (path !== '/') all.push('/');
  return all;
}

/** An index of paths of which nothing more is known. */
export function pathSet(paths: Iterable<string>): PathIndex<true> {
  const index = new PathIndex<true>();
  for (const path of paths) index.set(path, true);
  return index;
}
