import type { KnownLinks } from './known-links.ts';
import { PathIndex } from './path-index.ts';

/** What check mode has planned on one host so far: later tasks are planned against it. */
export class Prediction {
  readonly #opaque: string[] = [];
  readonly #paths = new PathIndex<string>();
  readonly #links: Pick<KnownLinks, 'alike'>;

  /** @param links those that were seen on the host: what changes behind one is unknown at its path, while a link that changes leaves what it led to */
  constructor(links: Pick<KnownLinks, 'alike'> = { alike: (paths) => paths }) {
    this.#links = links;
  }

  /** Remembers a planned change: `paths` undefined means that it may alter anything. */
  plan(task: string, paths: readonly string[] | undefined): void {
    if (paths === undefined) {
      if (!this.#opaque.includes(task)) this.#opaque.push(task);
    } else for (const path of paths) this.#paths.set(path, task);
  }

  /** Planned tasks that may alter anything. */
  get opaque(): readonly string[] {
    return this.#opaque;
  }

  /** The planned tasks that alter one of these paths. */
  altering(paths: readonly string[]): readonly string[] {
    const task = this.#paths.overlapping(this.#links.alike(paths));
    return task === undefined ? [] : [task];
  }
}
