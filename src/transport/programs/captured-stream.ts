/** One stream's bytes, kept until the end marker has passed. */
export class CapturedStream {
  readonly #marker: Buffer;
  readonly #chunks: Buffer[] = [];
  #tail: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(marker: string) {
    this.#marker = Buffer.from(marker);
  }

  /** True once the end marker was seen. */
  get ended(): boolean {
    return this.#ended;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    if (this.#ended) return;
    const seam = Buffer.concat([this.#tail, chunk]);
    this.#ended = seam.includes(this.#marker);
    this.#tail = seam.subarray(Math.max(0, seam.length - this.#marker.length + 1));
  }
}
