import type { SshSettings } from '../ssh-config/ssh-settings.ts';
import { type KnownHostKey, keyType, knownHostsName, readKnownHosts } from './known-hosts.ts';

/** What known_hosts says of a key. */
export type HostKeyVerdict =
  | { readonly kind: 'trusted' }
  | { readonly kind: 'revoked'; readonly by: KnownHostKey }
  | { readonly kind: 'changed'; readonly by: KnownHostKey }
  | {
      readonly kind: 'unknown';
      /** Keys of other types that are on file for the host. */
      readonly others: readonly KnownHostKey[];
      /** A CA that would have to be asked: not supported. */
      readonly authority: KnownHostKey | undefined;
    };

/** The lines of known_hosts that speak of one host. */
export class KnownHost {
  /** The name that its keys stand under. */
  readonly name: string;
  readonly #lines: readonly KnownHostKey[];
  readonly #portless: readonly KnownHostKey[];

  constructor({ host, port, hostKeyAlias, userKnownHostsFiles, globalKnownHostsFiles }: SshSettings) {
    const all = readKnownHosts([...userKnownHostsFiles, ...globalKnownHostsFiles]);
    const covering = (name: string): readonly KnownHostKey[] => all.filter((line) => line.covers(name));
    this.name = hostKeyAlias?.toLowerCase() ?? knownHostsName(host, port);
    this.#lines = covering(this.name);
    // As ssh: a key that is on file without a port is good for every port of that host.
    this.#portless = hostKeyAlias === undefined && port !== 22 ? covering(host.toLowerCase()) : [];
  }

  /** Types of the keys on file, to ask the host for one that can be compared. */
  get types(): ReadonlySet<string> {
    const plain = [...this.#lines, ...this.#portless].filter((line) => line.marker === undefined);
    return new Set(plain.map((line) => line.type));
  }

  /** Judges a key in wire format. */
  judge(key: Buffer): HostKeyVerdict {
    const all = [...this.#lines, ...this.#portless];
    const revoked = all.find((line) => line.marker === 'revoked' && line.key.equals(key));
    if (revoked) return { kind: 'revoked', by: revoked };
    if (all.some((line) => line.marker === undefined && line.key.equals(key))) return { kind: 'trusted' };
    const plain = this.#lines.filter((line) => line.marker === undefined);
    const changed = plain.find((line) => line.type === keyType(key));
    if (changed) return { kind: 'changed', by: changed };
    const authority = all.find((line) => line.marker === 'cert-authority');
    return { kind: 'unknown', others: plain, authority };
  }
}
