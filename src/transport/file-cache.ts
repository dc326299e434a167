import { readFileSync, statSync } from 'node:fs';

interface Entry<Parsed> {
  readonly stamp: string;
  readonly parsed: Parsed;
}

/** Files parsed once for all hosts, and again when they change. */
export class FileCache<Parsed> {
  readonly #parse: (text: string, file: string) => Parsed;
  readonly #entries = new Map<string, Entry<Parsed>>();

  constructor(parse: (text: string, file: string) => Parsed) {
    this.#parse = parse;
  }

  /** The parsed file; undefined when it does not exist. Throws what reading throws otherwise. */
  read(file: string): Parsed | undefined {
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (!stat) return undefined;
    const stamp = `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
    const known = this.#entries.get(file);
    if (known?.stamp === stamp) return known.parsed;
    const parsed = this.#parse(readFileSync(file, 'utf8'), file);
    this.#entries.set(file, { stamp, parsed });
    return parsed;
  }
}
