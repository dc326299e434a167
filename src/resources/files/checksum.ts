// Hash functions that a file can be checked with; each has a tool of the coreutils.
const hashLengths: Readonly<Record<string, number>> = {
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
  readonly tool: string;
  readonly hex: string;
}

/** Takes a written checksum apart. */
export function readChecksum(written: string | undefined): Checksum | undefined {
  if (written === undefined) return undefined;
  const [name = '', hex = ''] = written.split(':');
  return { tool: `${name}sum`, hex: hex.toLowerCase() };
}
