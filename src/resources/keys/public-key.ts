import { createHash, createPublicKey } from 'node:crypto';

/** Sums of a public key in DER, as Ansible names and writes them. */
export function keyFingerprint(publicKey: Buffer): { readonly [name: string]: string } {
  const names = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
  const sum = (name: string) =>
    createHash(name).update(publicKey).digest('hex').match(/../g)?.join(':') ?? '';
  return Object.fromEntries(names.map((name) => [name, sum(name)]));
}

/** The DER inside a public key in PEM; undefined for any other text. */
export function derOf(pem: string): Buffer | undefined {
  const [, base64] = /-----BEGIN PUBLIC KEY-----([\s\S]*?)-----END PUBLIC KEY-----/.exec(pem) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}

// Names that SSH has for curves.
const curves: Readonly<Record<string, string>> = {
  'P-256': 'nistp256',
  'P-384': 'nistp384',
  'P-521': 'nistp521',
};

/** A public key as OpenSSH writes it, without a comment; undefined for a kind that it does not have, or what is no key. */
export function sshPublicKey(der: Buffer): string | undefined {
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const { kty, crv = '', n = '', e = '', x = '', y = '' } = key.export({ format: 'jwk' });
    if (kty === 'RSA') return written('ssh-rsa', positive(e), positive(n));
    if (kty === 'OKP' && crv === 'Ed25519') return written('ssh-ed25519', bytes(x));
    const curve = curves[crv];
    if (kty !== 'EC' || curve === undefined) return undefined;
    const point = Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]);
    return written(`ecdsa-sha2-${curve}`, Buffer.from(curve), point);
  } catch {
    return undefined;
  }
}

function bytes(base64url: string): Buffer {
  return Buffer.from(base64url, 'base64url');
}

// A number whose first bit is set would be a negative one.
function positive(base64url: string): Buffer {
  const number = bytes(base64url);
  return (number[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), number]) : number;
}

function written(name: string, ...parts: readonly Buffer[]): string {
  const fields = [Buffer.from(name), ...parts].flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, part];
  });
  return `${name} ${Buffer.concat(fields).toString('base64')}`;
}
