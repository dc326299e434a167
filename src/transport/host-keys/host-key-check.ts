import { UnreachableError } from '../connection.ts';
import type { SshSettings } from '../ssh-config/ssh-settings.ts';
import { hostKeyError } from './host-key-error.ts';
import { KnownHost } from './host-key-verdict.ts';
import { recordHostKey } from './new-host-key.ts';
import { hostKeyAlgorithms } from './ssh-algorithms.ts';

/** Decides on one connection's host key; never weaker than ssh, and never asks. */
export class HostKeyCheck {
  readonly #settings: SshSettings;
  readonly #known: KnownHost;
  #accepted: Buffer | undefined;
  #failure: UnreachableError | undefined;

  constructor(settings: SshSettings) {
    this.#settings = settings;
    this.#known = new KnownHost(settings);
  }

  /** Why the key was refused. */
  get failure(): UnreachableError | undefined {
    return this.#failure;
  }

  /** What the host is asked for, types on file first. */
  get algorithms(): readonly string[] {
    return hostKeyAlgorithms(this.#settings.algorithms.hostKey, this.#known.types);
  }

  /** True if the key may be used. Called again when keys are exchanged anew. */
  verify(key: Buffer): boolean {
    if (this.#accepted?.equals(key)) return true;
    const verdict = this.#known.judge(key);
    if (verdict.kind === 'trusted') return true;
    // Stricter than ssh: a host that has keys on file is not new, whatever type it shows.
    const isNew = verdict.kind === 'unknown' && verdict.others.length === 0 && !verdict.authority;
    if (isNew && this.#settings.acceptNewHostKeys && this.#accepted === undefined) {
      this.#accepted = key;
      return true;
    }
    this.#failure = hostKeyError(this.#settings, this.#known, key, verdict);
    return false;
  }

  /** Writes down a key taken under `StrictHostKeyChecking accept-new`, once the host has proven that it owns it. */
  record(): void {
    const [file] = this.#settings.userKnownHostsFiles;
    const key = this.#accepted;
    if (!key || file === undefined || file === '/dev/null') return;
    // Another connection to the same host may have been quicker.
    if (new KnownHost(this.#settings).judge(key).kind === 'trusted') return;
    try {
      recordHostKey(this.#settings, this.#known.name, key);
    } catch (error) {
      throw new UnreachableError(
        'unknown-host-key',
        `the new host key of ${this.#known.name} cannot be recorded: ${error instanceof Error ? error.message : error}`,
        `make ${file} writable, or take \`StrictHostKeyChecking accept-new\` out of ssh_config`,
      );
    }
  }
}
