import { createHash } from 'node:crypto';

/** A public key with all that belongs to it. */
export interface PublicKey {
  /** In hex, upper case; of the key itself. */
  readonly fingerprint: string;
  /** Of the key and its subkeys: the last 16 digits of their fingerprints. */
  readonly ids: readonly string[];
  /** Its packets, one behind the other. */
  readonly bytes: Buffer;
}

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
  readonly whole: Buffer;
}

const armorLine = /^-----(BEGIN|END) PGP PUBLIC KEY BLOCK-----\s*$/;

// RFC 9580, 6: text between two lines, behind headers that end with an empty line; a checksum begins with =.
function unarmored(text: string): Buffer {
  const blocks: Buffer[] = [];
  let inside: string[] | undefined;
  let headers = false;
  for (const line of text.split(/\r?\n/)) {
    const [, edge] = armorLine.exec(line) ?? [];
    if (edge === 'BEGIN') {
      inside = [];
      headers = true;
    } else if (edge === 'END' && inside) {
      blocks.push(Buffer.from(inside.join(''), 'base64'));
      inside = undefined;
    } else if (inside && headers && (line.trim() === '' || !line.includes(': '))) {
      headers = false;
      if (line.trim() !== '') inside.push(line.trim());
    } else if (inside && !headers && !line.startsWith('=')) inside.push(line.trim());
  }
  return Buffer.concat(blocks);
}

// What GnuPG keeps: blobs of a length, a kind (2 for OpenPGP), and where in them the packets stand.
function fromKeybox(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (length < 16) break;
    if (bytes[at + 4] === 2) {
      const start = at + bytes.readUInt32BE(at + 8);
      parts.push(bytes.subarray(start, start + bytes.readUInt32BE(at + 12)));
    }
    at += length;
  }
  return Buffer.concat(parts);
}

/** Whether GnuPG keeps a file in its own form, which apt does not read. */
export function isKeybox(bytes: Buffer): boolean {
  return bytes.subarray(8, 12).toString('latin1') === 'KBXf';
}

/** Whether a file has keys as text. */
export function isArmored(bytes: Buffer): boolean {
  return bytes.toString('latin1').includes('-----BEGIN PGP PUBLIC KEY BLOCK-----');
}

function packetsOf(bytes: Buffer): readonly Packet[] {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = bytes[at] ?? 0;
    if ((head & 0x80) === 0) return [];
    const size = head & 0x40 ? newLength(bytes, at + 1) : oldLength(bytes, at + 1, head & 3);
    if (!size || size.start + size.length > bytes.length) return [];
    const end = size.start + size.length;
    const tag = head & 0x40 ? head & 0x3f : (head >> 2) & 0xf;
    packets.push({ tag, body: bytes.subarray(size.start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return packets;
}

interface Extent {
  readonly start: number;
  readonly length: number;
}

function newLength(bytes: Buffer, at: number): Extent | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 192) return { start: at + 1, length: first };
  if (first < 224) return { start: at + 2, length: ((first - 192) << 8) + (bytes[at + 1] ?? 0) + 192 };
  return first === 255 && at + 5 <= bytes.length
    ? { start: at + 5, length: bytes.readUInt32BE(at + 1) }
    : undefined;
}

function oldLength(bytes: Buffer, at: number, kind: number): Extent | undefined {
  if (kind === 3 || at + 2 ** kind > bytes.length) return undefined;
  return { start: at + 2 ** kind, length: bytes.readUIntBE(at, 2 ** kind) };
}

function fingerprintOf(body: Buffer): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const four = body[0] === 4;
  const hash = createHash(four ? 'sha1' : 'sha256');
  const head = four
    ? Buffer.concat([Buffer.of(0x99), length.subarray(2)])
    : Buffer.concat([Buffer.of(0x9b), length]);
  return hash.update(head).update(body).digest('hex').toUpperCase();
}

function idOf(body: Buffer): string {
  const fingerprint = fingerprintOf(body);
  return body[0] === 4 ? fingerprint.slice(-16) : fingerprint.slice(0, 16);
}

const publicKey = 6;
const publicSubkey = 14;

/** The keys of a file, whether text, bytes or GnuPG's own form; none where it makes no sense. */
export function readKeys(bytes: Buffer): readonly PublicKey[] {
  const plain = isArmored(bytes)
    ? unarmored(bytes.toString('latin1'))
    : isKeybox(bytes)
      ? fromKeybox(bytes)
      : bytes;
  const keys: { fingerprint: string; ids: string[]; parts: Buffer[] }[] = [];
  for (const { tag, body, whole } of packetsOf(plain)) {
    if (tag === publicKey) keys.push({ fingerprint: fingerprintOf(body), ids: [idOf(body)], parts: [whole] });
    else {
      keys.at(-1)?.parts.push(whole);
      if (tag === publicSubkey) keys.at(-1)?.ids.push(idOf(body));
    }
  }
  return keys.map(({ fingerprint, ids, parts }) => ({ fingerprint, ids, bytes: Buffer.concat(parts) }));
}

/** Keys as the text that apt reads from files that end in .asc. */
export function armored(bytes: Buffer): Buffer {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  const text = [
    '-----BEGIN PGP PUBLIC KEY BLOCK-----',
    '',
    ...lines,
    '-----END PGP PUBLIC KEY BLOCK-----',
    '',
  ];
  return Buffer.from(text.join('\n'));
}
