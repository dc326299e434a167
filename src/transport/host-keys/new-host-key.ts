import { createHmac, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { UnreachableError } from '../connection.ts';
import type { SshSettings } from '../ssh-config/ssh-settings.ts';
import { keyType } from './known-hosts.ts';

/** A key that nothing on file speaks for or against, as a host showed it. */
export interface HostKeyOffer {
  /** The name under which it would stand in known_hosts. */
  readonly name: string;
  readonly type: string;
  /** As ssh shows it. */
  readonly fingerprint: string;
  /** Where it would be written; undefined where ssh_config keeps none. */
  readonly file: string | undefined;
  /** Writes it down. Throws what the file system says. */
  record(): void;
}

/** A host is new: somebody has to say that the key is its own. */
export class NewHostKeyError extends UnreachableError {
  readonly offer: HostKeyOffer;

  constructor(message: string, hint: string | undefined, offer: HostKeyOffer) {
    super('unknown-host-key', message, hint);
    this.offer = offer;
  }
}

/** Writes a key into known_hosts, under a name in plain or hashed as ssh_config says. Throws what the file system says. */
export function recordHostKey(settings: SshSettings, name: string, key: Buffer): void {
  const [file] = settings.userKnownHostsFiles;
  if (file === undefined || file === '/dev/null') return;
  const line = `${settings.hashKnownHosts ? hashed(name) : name} ${keyType(key)} ${key.toString('base64')}\n`;
  // As ssh, the folder but not its parents.
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { mode: 0o700 });
  appendFileSync(file, endsMidLine(file) ? `\n${line}` : line, { mode: 0o600 });
}

function hashed(name: string): string {
  const salt = randomBytes(20);
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}

function endsMidLine(file: string): boolean {
  try {
    return /[^\n]$/.test(readFileSync(file, 'latin1'));
  } catch {
    return false;
  }
}
