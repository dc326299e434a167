import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Whether a role's password is the one that the server has written down, as md5 or SCRAM. */
export function isRolePassword(role: string, password: string, written: string | undefined): boolean {
  if (written === undefined) return false;
  if (/^md5[0-9a-f]{32}$/.test(password) || password.startsWith('SCRAM-SHA-256$'))
    return written === password;
  if (written.startsWith('md5'))
    return written === `md5${createHash('md5').update(`${password}${role}`).digest('hex')}`;
  const [, rounds, salt = '', stored = '', server = ''] =
    /^SCRAM-SHA-256\$(\d{1,7}):([^$]+)\$([^:]+):(.+)$/.exec(written) ?? [];
  if (rounds === undefined) return false;
  const salted = pbkdf2Sync(
    password.normalize('NFKC'),
    Buffer.from(salt, 'base64'),
    Number(rounds),
    32,
    'sha256',
  );
  const key = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  return key === stored && hmac(salted, 'Server Key').toString('base64') === server;
}
