/** What marks private key material, as a basic regular expression for grep on the host. */
export const secretMark = 'PRIVATE KEY-----\\|PuTTY-User-Key-File\\|AGE-SECRET-KEY-1';
const secret = /PRIVATE KEY-----|PuTTY-User-Key-File|AGE-SECRET-KEY-1/;

/** Whether a content may not be fetched or shown, being or holding a private key. */
export function isSecret(content: Buffer | string): boolean {
  return secret.test(content.toString('latin1'));
}
