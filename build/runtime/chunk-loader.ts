import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import type { CodeStore } from './code-store.ts';

const head = '(function (exports, require, module, __filename, __dirname) {';

/** Loads the bundle's files as Node would, but gives V8 all it compiled in an earlier run, not only what it begins with. */
export class ChunkLoader {
  readonly #directory: string;
  readonly #store: CodeStore;
  readonly #outside: NodeJS.Require;
  readonly #modules = new Map<string, { exports: object }>();
  readonly #fresh = new Map<string, Script>();

  constructor(directory: string, store: CodeStore) {
    this.#directory = directory;
    this.#store = store;
    this.#outside = createRequire(join(directory, 'main.js'));
  }

  /** The exports of a file of the bundle, or of a module from outside. */
  load(name: string): object {
    if (!name.startsWith('./')) return this.#outside(name);
    const known = this.#modules.get(name);
    if (known) return known.exports;
    const module = { exports: {} };
    this.#modules.set(name, module);
    const filename = join(this.#directory, name);
    const run = this.#script(name, filename).runInThisContext();
    run.call(
      module.exports,
      module.exports,
      (wanted: string) => this.load(wanted),
      module,
      filename,
      this.#directory,
    );
    return module.exports;
  }

  /** Stores what V8 has compiled of the files that were not stored, or long ago. */
  keep(): void {
    for (const [name, script] of this.#fresh) this.#store.write(name, script.createCachedData());
  }

  #script(name: string, filename: string): Script {
    const { code, due } = this.#store.read(name);
    const source = `${head}${readFileSync(filename, 'latin1')}\n})`;
    const script = new Script(source, {
      filename,
      columnOffset: -head.length,
      ...(code && { cachedData: code }),
    });
    if (due || script.cachedDataRejected) this.#fresh.set(name, script);
    return script;
  }
}
