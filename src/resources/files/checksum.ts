import { type SumName, sumNames } from '../../probes/path-question.ts';

// Hash functions that a file can be checked with, and how many hex digits they give.
const hashLengths: Readonly<Record<SumName, number>> = {
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
};

/** How a checksum is written: `sha256:` and hex digits. */
export const checksumPattern = `^(${Object.entries(hashLengths)
  .map(([name, length]) => `${name}:[0-9a-fA-F]{${length}}`)
  .join('|')})$`;

/** A wanted checksum. */
export interface Checksum {
  readonly name: SumName;
  readonly hex: string;
}

/** Takes a written checksum apart. */
export function readChecksum(written: string | undefined): Checksum | undefined {
  if (written === undefined) return undefined;
  const [prefix, hex = ''] = written.split(':');
  const name = sumNames.find((one) => one === prefix);
  return name && { name, hex: hex.toLowerCase() };
}
