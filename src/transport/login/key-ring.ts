import ssh2, { type BaseAgent, type ParsedKey, type SigningRequestOptions } from 'ssh2';
import type { ConnectOptions } from '../connection.ts';
import type { Deadline } from '../deadline.ts';
import { fingerprint } from '../host-keys/host-key-error.ts';
import type { SshSettings } from '../ssh-config/ssh-settings.ts';
import { readIdentityFile } from './identity-file.ts';
import { unlockIdentity } from './passphrase.ts';

type Signature = Promise<Buffer | undefined>;

interface Identity {
  readonly publicKey: ParsedKey;
  readonly source: string;
  sign(data: Buffer, options: SigningRequestOptions): Signature;
}

/** All keys that a login may use, in ssh's order; private halves are touched only when the host accepts the public one. */
export interface KeyRing {
  readonly publicKeys: readonly ParsedKey[];
  /** What is offered to the host, for messages. */
  readonly offered: readonly string[];
  /** Keys that could not be offered, and why. */
  readonly unusable: readonly string[];
  /** Undefined when there is no way to sign, e.g. no passphrase was given. */
  sign(publicKey: ParsedKey, data: Buffer, options: SigningRequestOptions): Signature;
}

function listAgent(agent: BaseAgent): Promise<readonly ParsedKey[]> {
  return new Promise((resolve, reject) => {
    agent.getIdentities((error, keys) => {
      if (error) reject(error);
      else resolve((keys ?? []) as ParsedKey[]);
    });
  });
}

function agentIdentity(agent: BaseAgent, publicKey: ParsedKey): Identity {
  return {
    publicKey,
    source: `agent key ${publicKey.comment}`,
    sign: (data, options) =>
      new Promise((resolve) => {
        agent.sign(publicKey, data, options, (error, signature) => resolve(error ? undefined : signature));
      }),
  };
}

const sameKey = (one: ParsedKey, other: ParsedKey): boolean =>
  one.getPublicSSH().equals(other.getPublicSSH());

class KeyRingBuilder {
  readonly #settings: SshSettings;
  readonly #options: ConnectOptions;
  readonly #deadline: Deadline;
  readonly #files: Identity[] = [];
  readonly #publicOnly: ParsedKey[] = [];
  readonly #unusable: string[] = [];

  constructor(settings: SshSettings, options: ConnectOptions, deadline: Deadline) {
    this.#settings = settings;
    this.#options = options;
    this.#deadline = deadline;
  }

  async build(): Promise<KeyRing> {
    if (!this.#settings.publicKeys)
      return { publicKeys: [], offered: [], unusable: [], sign: async () => undefined };
    for (const file of this.#settings.identityFiles) await this.#add(file);
    const agent = await this.#agent();
    const named = [...this.#files.map(({ publicKey }) => publicKey), ...this.#publicOnly];
    const isNamed = ({ publicKey }: Identity): boolean => named.some((key) => sameKey(key, publicKey));
    const rest = this.#settings.identitiesOnly ? [] : agent.filter((identity) => !isNamed(identity));
    const inAgent = (identity: Identity): boolean =>
      agent.some(({ publicKey }) => sameKey(publicKey, identity.publicKey));
    const files = this.#files.filter((identity) => !inAgent(identity));
    const identities = [...agent.filter(isNamed), ...rest, ...files];
    return {
      publicKeys: identities.map(({ publicKey }) => publicKey),
      offered: identities.map(
        ({ publicKey, source }) => `${source} (${publicKey.type} ${fingerprint(publicKey.getPublicSSH())})`,
      ),
      unusable: this.#unusable,
      sign: async (publicKey, data, options) =>
        identities.find((identity) => sameKey(identity.publicKey, publicKey))?.sign(data, options),
    };
  }

  async #add(file: string): Promise<void> {
    const identity = readIdentityFile(file);
    if (identity.kind === 'unusable') this.#unusable.push(`${file}: ${identity.reason}`);
    if (identity.kind === 'public') this.#publicOnly.push(identity.publicKey);
    if (identity.kind === 'plain') {
      const { publicKey, privateKey } = identity;
      this.#files.push({
        publicKey,
        source: file,
        sign: async (data, { hash }) => privateKey.sign(data, hash),
      });
    }
    if (identity.kind === 'encrypted') await this.#addEncrypted(file, identity.content, identity.publicKey);
  }

  async #addEncrypted(file: string, content: Buffer, known: ParsedKey | undefined): Promise<void> {
    const unlock = async (): Promise<ParsedKey | undefined> => {
      if (this.#settings.batchMode) return undefined;
      return await this.#deadline.pausedFor(() => unlockIdentity(file, content, this.#options));
    };
    const publicKey = known ?? (await unlock());
    if (!publicKey) {
      this.#unusable.push(`${file}: it is encrypted and no passphrase was given`);
      return;
    }
    const sign = async (data: Buffer, { hash }: SigningRequestOptions): Signature =>
      (await unlock())?.sign(data, hash);
    this.#files.push({ publicKey, source: file, sign });
  }

  async #agent(): Promise<readonly Identity[]> {
    const { agentSocket } = this.#settings;
    if (agentSocket === undefined) return [];
    const agent = ssh2.createAgent(agentSocket);
    try {
      return (await listAgent(agent)).map((key) => agentIdentity(agent, key));
    } catch {
      this.#unusable.push(`the agent at ${agentSocket} does not answer`);
      return [];
    }
  }
}

/**
 * Gathers the keys for a login: those in the agent that ssh_config names, other agent keys, then files.
 * The deadline stands still while a person is asked for a passphrase.
 */
export function openKeyRing(
  settings: SshSettings,
  options: ConnectOptions,
  deadline: Deadline,
): Promise<KeyRing> {
  return new KeyRingBuilder(settings, options, deadline).build();
}
