import { randomBytes } from 'node:crypto';

/** A serial number: 128 random bits, positive in DER, in hexadecimal digits. */
export function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
