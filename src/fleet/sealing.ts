import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import { FleetError } from './fleet-error.ts';

const nonceBytes = 12;
const tagBytes = 16;
const macBytes = 32;

/** Seals what goes into the database: who reads it there learns nothing, and who alters it is noticed. */
export class Seal {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** @param place where it is stored: what was moved there from elsewhere does not open */
  close(content: Buffer, place: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(gzipSync(content, { level: 1 })), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  /** Throws FleetError when it was not sealed with this key for this place. */
  open(sealed: Buffer, place: string): Buffer {
    const nonce = sealed.subarray(0, nonceBytes);
    const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(place)).setAuthTag(tag);
      const body = sealed.subarray(nonceBytes + tagBytes);
      return gunzipSync(Buffer.concat([decipher.update(body), decipher.final()]));
    } catch {
      throw forged(place);
    }
  }

  closeValue(value: unknown, place: string): Buffer {
    return this.close(serialize(value), place);
  }

  /** Throws FleetError as `open` does. */
  openValue(sealed: Buffer, place: string): unknown {
    return deserialize(this.open(sealed, place));
  }
}

function forged(place: string): FleetError {
  return new FleetError(
    `${place} in the fleet's database was not written by this fleet, or has been altered`,
    'see that this machine has the key of the fleet (fleet.json), and who can write to the database',
  );
}

/** The secret that a fleet's machines share; it is an age identity. */
export class FleetKey {
  readonly #identity: string;

  constructor(identity: string) {
    this.#identity = identity;
  }

  static async generate(): Promise<string> {
    const age = await import('age-encryption');
    return await age.generateX25519Identity();
  }

  /** What the files of bundles are sealed with: the same file is stored once for all runs. */
  get files(): Seal {
    return new Seal(this.#derived('files'));
  }

  /** The name under which content is stored: who has not the key cannot find out whether a file is there. */
  nameOf(content: Buffer): string {
    return createHmac('sha256', this.#derived('names')).update(content).digest('hex');
  }

  /** A new key for one run, and how it is stored: encrypted to the fleet with age, and signed by it. */
  async newRun(run: string): Promise<{ readonly seal: Seal; readonly stored: Buffer }> {
    const age = await import('age-encryption');
    const key = randomBytes(32);
    const encrypter = new age.Encrypter();
    encrypter.addRecipient(await age.identityToRecipient(this.#identity));
    const encrypted = Buffer.from(await encrypter.encrypt(key));
    return { seal: new Seal(key), stored: Buffer.concat([this.#mac(run, encrypted), encrypted]) };
  }

  /** Opens the key of a run; throws FleetError when this fleet did not make it. */
  async ofRun(run: string, stored: Buffer): Promise<Seal> {
    const encrypted = stored.subarray(macBytes);
    const mac = stored.subarray(0, macBytes);
    const expected = this.#mac(run, encrypted);
    if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) throw forged(`run ${run}`);
    const age = await import('age-encryption');
    const decrypter = new age.Decrypter();
    decrypter.addIdentity(this.#identity);
    return new Seal(Buffer.from(await decrypter.decrypt(encrypted)));
  }

  // Anybody can encrypt to a recipient: only who has the secret can make this.
  #mac(run: string, encrypted: Buffer): Buffer {
    return createHmac('sha256', this.#derived('runs')).update(`${run}\n`).update(encrypted).digest();
  }

  #derived(use: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#identity, '', `provision fleet ${use}`, 32));
  }
}
