import { createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import ssh2, { type ParsedKey } from 'ssh2';

/** A key file, as far as it can be read without a passphrase. */
export type IdentityFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly reason: string }
  /** Only the public half is here; the private one may be in an agent. */
  | { readonly kind: 'public'; readonly publicKey: ParsedKey }
  | { readonly kind: 'plain'; readonly publicKey: ParsedKey; readonly privateKey: ParsedKey }
  | { readonly kind: 'encrypted'; readonly publicKey: ParsedKey | undefined; readonly content: Buffer };

function parse(content: Buffer | string, passphrase?: string): ParsedKey | Error {
  const parsed: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(content, passphrase);
  return Array.isArray(parsed) ? (parsed[0] ?? new Error('the file has no key')) : parsed;
}

function readIfPresent(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function publicHalf(file: string): ParsedKey | undefined {
  const content = readIfPresent(`${file}.pub`);
  const parsed = content && parse(content);
  return parsed instanceof Error ? undefined : parsed;
}

// The OpenSSH format carries the public key in clear even when the private one is encrypted.
function embeddedPublicKey(content: Buffer): ParsedKey | undefined {
  const base64 = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END/.exec(content.toString('latin1'))?.[1];
  if (base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  let at = 'openssh-key-v1\0'.length;
  const next = (): Buffer => {
    const length = bytes.readUInt32BE(at);
    at += 4 + length;
    return bytes.subarray(at - length, at);
  };
  try {
    next(); // cipher
    next(); // key derivation
    next(); // its options
    at += 4; // count of keys: always 1
    const parsed = parse(next());
    return parsed instanceof Error ? undefined : parsed;
  } catch {
    return undefined;
  }
}

// ssh2 does not know PKCS#8, in which openssl writes RSA and EC keys.
function fromPkcs8(content: Buffer, passphrase: string | undefined): ParsedKey | undefined {
  try {
    const key = createPrivateKey({ key: content, ...(passphrase !== undefined && { passphrase }) });
    const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
    const parsed = parse(key.export({ type, format: 'pem' }));
    return parsed instanceof Error ? undefined : parsed;
  } catch {
    return undefined;
  }
}

/** The private key; undefined when the passphrase is wrong. */
export function decryptIdentity(content: Buffer, passphrase: string): ParsedKey | undefined {
  const parsed = parse(content, passphrase);
  return parsed instanceof Error ? fromPkcs8(content, passphrase) : parsed;
}

/** Reads a key file without asking anybody; one that cannot be read is unusable. */
export function readIdentityFile(file: string): IdentityFile {
  try {
    return identityIn(file);
  } catch (error) {
    return { kind: 'unusable', reason: error instanceof Error ? error.message : String(error) };
  }
}

function identityIn(file: string): IdentityFile {
  const content = readIfPresent(file);
  if (!content) {
    const publicKey = publicHalf(file);
    return publicKey ? { kind: 'public', publicKey } : { kind: 'absent' };
  }
  const parsed = parse(content);
  if (!(parsed instanceof Error) && !parsed.isPrivateKey()) return { kind: 'public', publicKey: parsed };
  const { mode, uid } = statSync(file);
  if (uid === process.getuid?.() && (mode & 0o077) !== 0) {
    return { kind: 'unusable', reason: `others may read it: \`chmod 600 ${file}\`, as ssh demands` };
  }
  const privateKey = parsed instanceof Error ? fromPkcs8(content, undefined) : parsed;
  if (privateKey) return { kind: 'plain', publicKey: privateKey, privateKey };
  const text = content.toString('latin1');
  if (/encrypted/i.test(text) || (parsed instanceof Error && /passphrase/i.test(parsed.message))) {
    return { kind: 'encrypted', content, publicKey: embeddedPublicKey(content) ?? publicHalf(file) };
  }
  const reason = parsed instanceof Error ? parsed.message : 'it is not a private key';
  return { kind: 'unusable', reason };
}
