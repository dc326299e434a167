/** What decides over the hash of the fingerprints that a host permits. */
export interface FingerprintSettings {
  readonly hash: 'auto' | 'sha1' | 'sha256';
  readonly transport: 'tcp' | 'relp';
  readonly driver: 'ossl' | 'gtls';
}

// As in 8.2208.0: the second number says which.
function knowsSha256(version: unknown): boolean {
  const [major = 0, minor = 0] = String(version ?? '')
    .split('.')
    .map(Number);
  return major > 8 || (major === 8 && minor >= 2208);
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
  const old = (transport === 'relp' && driver === 'ossl') || !knowsSha256(version);
  return old ? 'fingerprints_sha1' : 'fingerprints_sha256';
}
