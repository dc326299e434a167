import { createHmac } from 'node:crypto';

/** A line of known_hosts. */
interface KnownKey {
  /** @cert-authority or @revoked. */
  readonly marker: string;
  readonly hosts: string;
  readonly type: string;
  readonly key: string;
}

/** Reads a line; undefined when it holds no key. */
export function readKnownKey(line: string): KnownKey | undefined {
  const words = line.trim().split(/\s+/);
  const marker = words[0]?.startsWith('@') ? (words.shift() ?? '') : '';
  const [hosts = '', type = '', key = ''] = words;
  return key === '' || hosts.startsWith('#') ? undefined : { marker, hosts, type, key };
}

/** A name as it is written into a hashed line. */
export function hashedName(name: string, salt: Buffer): string {
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}

// With * and ? as ssh has them.
function fits(pattern: string, name: string): boolean {
  const code = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${code}$`, 'i').test(name);
}

/** Whether a line is about a host, whether its name is hashed, listed, or a pattern. */
export function isAbout({ hosts }: KnownKey, name: string): boolean {
  const [, salt = ''] = /^\|1\|([^|]+)\|[^|]+$/.exec(hosts) ?? [];
  if (salt !== '') return hashedName(name, Buffer.from(salt, 'base64')) === hosts;
  const patterns = hosts.split(',');
  const refused = patterns.some((one) => one.startsWith('!') && fits(one.slice(1), name));
  return !refused && patterns.some((one) => !one.startsWith('!') && fits(one, name));
}

/** What is wanted of known_hosts. */
export interface KnownHostWish {
  readonly name: string;
  /** The whole line; undefined: whatever key the host has. */
  readonly key: string | undefined;
  readonly state: 'present' | 'absent';
}

/** The lines as they are wanted: one key of a type for a host, the line as it was given. */
export function editKnownHosts(
  lines: readonly string[],
  { name, key, state }: KnownHostWish,
): readonly string[] {
  const about = (line: string) => {
    const read = readKnownKey(line);
    return read && isAbout(read, name) ? read : undefined;
  };
  if (key === undefined) return lines.filter((line) => !about(line));
  const wanted = readKnownKey(key);
  if (!wanted) return lines;
  const same = (line: string) => {
    const read = about(line);
    return (
      read?.type === wanted.type &&
      read.key === wanted.key &&
      read.marker === wanted.marker &&
      // A hash of its own for each line: it is the same name all the same.
      (read.hosts === wanted.hosts || (read.hosts.startsWith('|1|') && wanted.hosts.startsWith('|1|')))
    );
  };
  const at = lines.findIndex(same);
  if (at < 0) {
    const other = lines.findIndex((line) => about(line)?.type === wanted.type);
    if (state === 'absent') return other < 0 ? lines : lines.toSpliced(other, 1);
    return [...(other < 0 ? lines : lines.toSpliced(other, 1)), key.trimEnd()];
  }
  return state === 'absent' ? lines.toSpliced(at, 1) : lines;
}
