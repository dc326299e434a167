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

const hashes = Object.entries(hashLengths).map(([name, length]) => `${name}:[0-9a-fA-F]{${length}}`);

/** How a checksum is written: `sha256:` and hex digits, or the address of a list of checksums. */
export const checksumPattern = `^(${hashes.join('|')}|(${sumNames.join('|')}):(https?|ftp|file)://[^\\s\\u0000]+)$`;

/** A wanted checksum. */
export interface Checksum {
  readonly name: SumName;
  readonly hex: string;
}

/** A checksum as it is written: itself, or where it stands. */
export type WrittenChecksum = Checksum | { readonly name: SumName; readonly address: string };

/** Takes a written checksum apart. */
export function readChecksum(written: string | undefined): WrittenChecksum | undefined {
  const [, prefix, rest = ''] = /^(\w+):(.*)$/.exec(written ?? '') ?? [];
  const name = sumNames.find((one) => one === prefix);
  if (name === undefined) return undefined;
  return rest.includes('://') ? { name, address: rest } : { name, hex: rest.toLowerCase() };
}

/**
 * The checksum of a file in a list of lines as `sha256sum` prints them, or the only word of a list; undefined when it has none of this
 * length. As Ansible reads such lists: the first line counts whose name, without a leading `./`, is that of the file.
 */
export function listedChecksum(list: string, file: string, name: SumName): Checksum | undefined {
  const lines = list.split('\n').filter((line) => line.trim() !== '');
  const words = lines.length === 1 ? (lines[0]?.trim().split(/\s+/) ?? []) : [];
  const found =
    words.length === 1
      ? words[0]
      : lines.map((line) => /^(\S+) [ *]?[./]*(.*?)\r?$/.exec(line)).find((line) => line?.[2] === file)?.[1];
  const hex = found?.replace(/\W+/g, '').toLowerCase() ?? '';
  return new RegExp(`^[0-9a-f]{${hashLengths[name]}}$`).test(hex) ? { name, hex } : undefined;
}
