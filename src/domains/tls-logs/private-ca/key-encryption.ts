const work = 'scrypt';
const armourBegin = '-----BEGIN AGE ENCRYPTED FILE-----';

/** Encrypts a key (PEM) for a passphrase as the age tool does: `age -d` opens it. Takes about a second, on purpose. */
export async function encryptKey(pem: string, passphrase: string): Promise<string> {
  const age = await import('age-encryption');
  const encrypter = new age.Encrypter();
  encrypter.setPassphrase(passphrase);
  return age.armor.encode(await encrypter.encrypt(pem));
}

/**
 * Decrypts what `encryptKey` or the age tool made, armoured or not; undefined when the passphrase is wrong.
 * Throws Error when it is damaged or encrypted for something else than a passphrase.
 */
export async function decryptKey(sealed: Uint8Array, passphrase: string): Promise<string | undefined> {
  const age = await import('age-encryption');
  const text = Buffer.from(sealed).toString('latin1');
  const binary = text.trimStart().startsWith(armourBegin) ? age.armor.decode(text) : sealed;
  const header = Buffer.from(binary.subarray(0, 200)).toString('latin1');
  if (!header.includes(`-> ${work} `)) throw new Error('it is not encrypted with a passphrase');
  const decrypter = new age.Decrypter();
  decrypter.addPassphrase(passphrase);
  try {
    return await decrypter.decrypt(binary, 'text');
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no identity matched')) return undefined;
    throw error;
  }
}
