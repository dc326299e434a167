import { PathIndex } from './path-index.ts';

/** What check mode has planned on one host so far: later tasks are planned against it. */
export class Prediction {
  readonly #opaque: string[] = [];
  readonly #paths = new PathIndex<string>();

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
    const task = this.#paths.overlapping(paths);
    return task === undefined ? [] : [task];
  }
}
