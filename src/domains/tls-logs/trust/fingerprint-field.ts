/** What decides over the hash of the fingerprints that a host permits. */
export interface FingerprintSettings {
  readonly hash: 'auto' | 'sha1' | 'sha256';
  readonly transport: 'tcp' | 'relp';
  readonly driver: 'ossl' | 'gtls';
}

/** Whether a version of rsyslog is 8.SINCE or later: 8.2208.0 is, since 2208. One that is not known is not. */
export function isSince(version: unknown, since: number): boolean {
  const [major = 0, minor = 0] = String(version ?? '')
    .split('.')
    .map(Number);
  return major > 8 || (major === 8 && minor >= since);
}

/**
 * Where the fingerprints of a certificate stand that this host's rsyslog understands: RELP with OpenSSL knows SHA-1 only, TCP
 * learned SHA-256 in 8.2208.
 * @param version of the host's rsyslog; nothing or '' when it is not known
 */
export function fingerprintField(
  { hash, transport, driver }: FingerprintSettings,
  version: unknown,
): 'fingerprints_sha1' | 'fingerprints_sha256' {
  if (hash !== 'auto') return `fingerprints_${hash}`;
  const old = (transport === 'relp' && driver === 'ossl') || !isSince(version, 2208);
  return old ? 'fingerprints_sha1' : 'fingerprints_sha256';
}
