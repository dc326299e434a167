/** Ends a program when one of its sections takes longer than it may. */
export class SectionLimit {
  readonly #limits: ReadonlyMap<string, number | undefined>;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #current: string | undefined;
  #ended: { readonly id: string; readonly after: number } | undefined;

  constructor(sections: readonly { readonly id: string; readonly timeout?: number | undefined }[]) {
    this.#limits = new Map(sections.map(({ id, timeout }) => [id, timeout]));
  }

  /** Aborted when a section's time is over. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The section whose time was over, and its seconds. */
  get ended(): { readonly id: string; readonly after: number } | undefined {
    return this.#ended;
  }

  begin(id: string): void {
    this.end();
    this.#current = id;
    const after = this.#limits.get(id);
    if (after === undefined) return;
    this.#timer = setTimeout(() => {
      this.#ended = { id, after };
      this.#abort.abort();
    }, after * 1000);
  }

  /**
   * A section has ended, or the program.
   * @param id of the section: the next one may have begun before the end of this one was heard on both streams
   */
  end(id = this.#current): void {
    if (id === this.#current) clearTimeout(this.#timer);
  }
}
