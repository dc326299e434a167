import { createDecipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { ExpectedError } from '../../../errors/expected-error.ts';
import type { VaultPassword } from '../../model.ts';

/** An encrypted text that cannot be read. */
export class VaultError extends ExpectedError {
  /** What to do about it. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

const header = /^\$ANSIBLE_VAULT;([\d.]+);(\w+)(?:;([^\s;]*))?[ \t]*\r?\n/;

/** Whether ansible-vault has encrypted a text. */
export function isEncrypted(text: string): boolean {
  return text.startsWith('$ANSIBLE_VAULT;');
}

interface Sealed {
  readonly salt: Buffer;
  readonly mac: Buffer;
  readonly content: Buffer;
}

function sealedPart(body: string): Sealed | undefined {
  const hex = body.replaceAll(/\s/g, '');
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) return undefined;
  const parts = Buffer.from(hex, 'hex').toString('latin1').trim().split('\n');
  const [salt, mac, content] = parts.map((part) => Buffer.from(part, 'hex'));
  return salt?.length && mac?.length === 32 && content?.length ? { salt, mac, content } : undefined;
}

// As ansible-vault has it: two keys and the counter of one derivation, and the padding of a block cipher although none is used.
function unsealed({ salt, mac, content }: Sealed, password: string): Buffer | undefined {
  const derived = pbkdf2Sync(password, salt, 10_000, 80, 'sha256');
  const found = createHmac('sha256', derived.subarray(32, 64)).update(content).digest();
  if (!timingSafeEqual(found, mac)) return undefined;
  const cipher = createDecipheriv('aes-256-ctr', derived.subarray(0, 32), derived.subarray(64));
  const padded = Buffer.concat([cipher.update(content), cipher.final()]);
  return padded.subarray(0, padded.length - (padded.at(-1) ?? 0));
}

/** What ansible-vault has encrypted, read with the passwords of a run. */
export class Vault {
  readonly #passwords: readonly VaultPassword[];
  readonly #onSecret: (secret: string) => void;
  readonly #known = new Map<string, Buffer>();

  /** @param onSecret is given each text that was encrypted, and must not be shown */
  constructor(passwords: readonly VaultPassword[], onSecret: (secret: string) => void) {
    this.#passwords = passwords;
    this.#onSecret = onSecret;
  }

  /** Notes that a value must not be shown. */
  hide(secret: string): void {
    this.#onSecret(secret);
  }

  /** The bytes that a text stands for. Throws VaultError. */
  open(text: string): Buffer {
    const known = this.#known.get(text);
    if (known) return known;
    const [head, version = '', cipher = '', label] = header.exec(`${text.trimStart()}\n`) ?? [];
    const sealed = head === undefined ? undefined : sealedPart(text.trimStart().slice(head.length));
    if (!sealed || !['1.1', '1.2'].includes(version) || cipher !== 'AES256')
      throw new VaultError(
        'this is not what ansible-vault writes',
        'encrypt it again with `ansible-vault encrypt` or `ansible-vault encrypt_string`',
      );
    if (this.#passwords.length === 0)
      throw new VaultError(
        'this is encrypted with ansible-vault, and there is no password',
        'add --vault-password-file FILE, or --ask-vault-pass',
      );
    // Those that the text names first; it may have been made under another name.
    const named = this.#passwords.filter((one) => one.label === label);
    for (const { password } of new Set([...named, ...this.#passwords])) {
      const opened = unsealed(sealed, password);
      if (!opened) continue;
      this.#known.set(text, opened);
      this.#onSecret(opened.toString('utf8'));
      return opened;
    }
    const which = label === undefined ? '' : ` under the name '${label}'`;
    throw new VaultError(
      `none of the passwords opens this text, which is encrypted with ansible-vault${which}`,
      '`ansible-vault view FILE` shows whether a password is the right one',
    );
  }
}
