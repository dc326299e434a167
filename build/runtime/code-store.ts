import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

// Replaced by the build with a word that stands for all of the bundle's text: code of other text is never taken.
const build = '__BUILD__';

// What somebody does with a command changes: code is stored anew now and then.
const oneDay = 24 * 60 * 60 * 1000;

/**
 * Compiled code of the bundle's files, by the command that used it. Code from there is run, so nobody else may write
 * there: the directory is the user's own or there is none. Everything goes on without it.
 */
export class CodeStore {
  readonly #home: string | undefined;
  readonly #directory: string | undefined;

  constructor(command: string, environment: NodeJS.ProcessEnv) {
    this.#home = homeOf(environment);
    this.#directory = this.#home && `${this.#home}/${build}-${process.version}-${process.arch}/${command}`;
  }

  /** What is stored of a file, and whether that is due to be stored anew. */
  read(name: string): { readonly code: Buffer | undefined; readonly due: boolean } {
    if (this.#directory === undefined) return { code: undefined, due: false };
    try {
      const path = this.#path(name);
      const code = readFileSync(path);
      return { code, due: Date.now() - statSync(path).mtimeMs > oneDay };
    } catch {
      return { code: undefined, due: true };
    }
  }

  /** Stores a file's code; a reader sees all of it or nothing. */
  write(name: string, code: Buffer): void {
    if (this.#directory === undefined) return;
    try {
      if (mkdirSync(this.#directory, { recursive: true, mode: 0o700 }) !== undefined) sweep(this.#home ?? '');
      const path = this.#path(name);
      writeFileSync(`${path}.${process.pid}`, code, { mode: 0o600 });
      renameSync(`${path}.${process.pid}`, path);
    } catch {
      // A home that cannot be written to, or a full disk.
    }
  }

  #path(name: string): string {
    return `${this.#directory}/${name.slice(2)}.code`;
  }
}

// Code of versions that are gone: what goes too early is made again.
function sweep(home: string): void {
  for (const name of readdirSync(home)) {
    const path = `${home}/${name}`;
    if (Date.now() - statSync(path).mtimeMs > 30 * oneDay) rmSync(path, { recursive: true, force: true });
  }
}

function homeOf({ XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): string | undefined {
  const caches = XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : HOME?.startsWith('/') && `${HOME}/.cache`;
  if (!caches) return undefined;
  const directory = `${caches}/provision`;
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (!stat) return directory;
  return stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0 ? directory : undefined;
}
