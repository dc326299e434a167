import { posix } from 'node:path';

// Links that lead to each other have no end: Linux follows as many.
const mostLinks = 40;

/** Links that were seen on a host: what is changed by one name is stale by every other. */
export class KnownLinks {
  readonly #leads = new Map<string, string>();

  /**
   * Remembers a link, also in place of what it was before.
   * @param points as it stands in the link
   */
  learn(path: string, points: string): void {
    this.#leads.set(posix.normalize(path), posix.resolve(posix.dirname(path), points));
  }

  /** The paths, and behind them where known links at them, or above them, lead; a trailing `/` stays. */
  alike(paths: readonly string[]): readonly string[] {
    if (this.#leads.size === 0) return paths;
    const found = new Set(paths);
    for (const path of paths)
      for (let at = this.#behind(path), left = mostLinks; at !== undefined && left > 0; left -= 1) {
        found.add(at);
        at = this.#behind(at);
      }
    return [...found];
  }

  // The first link on the way decides, as for the kernel; one at the end is followed like the others.
  #behind(path: string): string | undefined {
    for (let end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
      const rest = end < 0 ? '' : path.slice(end);
      const leads = this.#leads.get(end < 0 ? path : path.slice(0, end));
      if (leads !== undefined) return `${leads === '/' ? '' : leads}${rest}` || '/';
      if (end < 0) return undefined;
    }
  }
}
