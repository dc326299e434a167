import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { TemplateError } from '../../jinja/values/template-error.ts';
import type { Playbook } from '../model.ts';
import { displayPath } from '../source/loading/loading.ts';
import { isEncrypted, VaultError } from '../source/vault/vault.ts';

// Milliseconds. Nothing else goes on meanwhile, and hosts wait for a sign of life.
const longestCommand = 20_000;

function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new TemplateError(`${displayPath(path)} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function writeSecret(path: string, content: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${content}\n`, { mode: 0o600 });
    chmodSync(path, 0o600);
  } catch (error) {
    throw new TemplateError(
      `${displayPath(path)} cannot be written: ${(error as NodeJS.ErrnoException).code}`,
    );
  }
}

interface ReadFile {
  /** What changes with a file: tasks may write one that others have read. */
  readonly state: string;
  readonly content: Buffer;
}

/** Files of the control node, each read once in a run as long as it stays as it is. */
export class FileCache {
  readonly #contents = new Map<string, ReadFile>();
  readonly #vault: Playbook['vault'];
  readonly #secrets = new Map<string, string>();
  readonly #printed = new Map<string, string>();

  constructor(vault: Playbook['vault']) {
    this.#vault = vault;
  }

  /** Throws TemplateError when the file cannot be read. */
  read(path: string): Buffer {
    const known = this.#contents.get(path);
    try {
      const { ino, size, mtimeNs } = statSync(path, { bigint: true });
      const state = `${ino} ${size} ${mtimeNs}`;
      if (known?.state === state) return known.content;
      const content = this.#opened(readFileSync(path), path);
      this.#contents.set(path, { state, content });
      return content;
    } catch (error) {
      if (error instanceof TemplateError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      const hint =
        code === 'EACCES' ? 'check the permissions of the file and of the directories above it' : undefined;
      throw new TemplateError(`${displayPath(path)} cannot be read: ${code}`, undefined, {
        code: 'unreadable-file',
        hint,
      });
    }
  }

  /** What only its owner may read, made where it is not there; the same for the whole of a run. */
  secret(path: string, make: (known: string | undefined) => string, write: boolean): string {
    if (path === '/dev/null') return make(undefined);
    const content = make(this.#secrets.get(path) ?? readSecret(path));
    this.#secrets.set(path, content);
    if (write && content !== readSecret(path)) writeSecret(path, content);
    return content;
  }

  /** What a command prints, run once in a run. Throws TemplateError when it fails. */
  command(command: string, directory: string): string {
    const known = this.#printed.get(command);
    if (known !== undefined) return known;
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], {
      cwd: directory,
      encoding: 'utf8',
      timeout: longestCommand,
    });
    if (status !== 0)
      throw new TemplateError(`the command '${command}' failed on this machine: ${stderr?.trim() || status}`);
    this.#printed.set(command, stdout);
    return stdout;
  }

  #opened(content: Buffer, path: string): Buffer {
    if (!isEncrypted(content.subarray(0, 20).toString('latin1'))) return content;
    try {
      return this.#vault.open(content.toString('utf8'));
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      const { message, hint } = error;
      throw new TemplateError(`${displayPath(path)}: ${message}`, undefined, { code: 'encrypted', hint });
    }
  }
}
