/** One element of DER: its tag byte and what it holds. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The elements that stand one after another; throws RangeError when a length reaches beyond the end. */
export function readDer(bytes: Uint8Array): readonly DerElement[] {
  const found: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    let start = at + 2;
    if (length > 0x7f) {
      const count = length & 0x7f;
      length = bytes.subarray(start, start + count).reduce((sum, byte) => sum * 256 + byte, 0);
      start += count;
    }
    if (start + length > bytes.length) throw new RangeError('DER: a length reaches beyond the end');
    found.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return found;
}

/** One element with these contents, under 64 KiB, one after another. */
export function writeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const { length } = Buffer.concat(contents);
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...size), ...contents]);
}
