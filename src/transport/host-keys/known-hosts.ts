import { createHmac } from 'node:crypto';
import { FileCache } from '../file-cache.ts';
import { matchesPatterns } from '../ssh-config/ssh-pattern.ts';

/** One line of a known_hosts file. */
export interface KnownHostKey {
  readonly file: string;
  readonly line: number;
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  /** As in the key itself, e.g. `ssh-ed25519`. */
  readonly type: string;
  readonly key: Buffer;
  /** True if the line speaks of this name: `host`, or `[host]:port` for a port other than 22. */
  covers(name: string): boolean;
}

function hashedName(field: string): ((name: string) => boolean) | undefined {
  const [, salt, hash] = /^\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)$/.exec(field) ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  const secret = Buffer.from(salt, 'base64');
  const wanted = Buffer.from(hash, 'base64');
  return (name) => createHmac('sha1', secret).update(name).digest().equals(wanted);
}

/** The type that a key in wire format names itself; undefined when it is not a key. */
export function keyType(key: Buffer): string | undefined {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return length > 0 && key.length > 4 + length ? key.toString('latin1', 4, 4 + length) : undefined;
}

function parseLine(text: string): Omit<KnownHostKey, 'file' | 'line'> | undefined {
  const words = text.trim().split(/[ \t]+/);
  const marker = words[0]?.startsWith('@') ? words.shift()?.slice(1) : undefined;
  if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return undefined;
  const [names = '', type, base64 = ''] = words;
  const key = Buffer.from(base64, 'base64');
  if (type === undefined || keyType(key) !== type) return undefined;
  const patterns = names.toLowerCase().split(',');
  const covers = names.startsWith('|')
    ? hashedName(names)
    : (name: string) => matchesPatterns(name, patterns);
  return covers && { marker, type, key, covers };
}

/** The lines that can be understood; others are passed over, as ssh does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHostKey[] {
  return text.split('\n').flatMap((row, index) => {
    if (row.trim() === '' || row.trimStart().startsWith('#')) return [];
    const parsed = parseLine(row);
    return parsed ? { ...parsed, file, line: index + 1 } : [];
  });
}

const cache = new FileCache(parseKnownHosts);

/** All lines of the files that exist. Throws what reading throws. */
export function readKnownHosts(files: readonly string[]): readonly KnownHostKey[] {
  return files.flatMap((file) => cache.read(file) ?? []);
}

/** The known_hosts name of an address: lower case, with the port unless it is 22. */
export function knownHostsName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}
