import type { Duplex } from 'node:stream';
import { NodeSSH } from 'node-ssh';
import ssh2, {
  type AuthHandlerMiddleware,
  type ConnectConfig,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';
import { type ConnectOptions, UnreachableError } from '../connection.ts';
import { Deadline } from '../deadline.ts';
import { HostKeyCheck } from '../host-keys/host-key-check.ts';
import { clientAlgorithms } from '../host-keys/ssh-algorithms.ts';
import { wholePackets } from '../ssh/packet-stream.ts';
import { SshClient } from '../ssh/ssh-client.ts';
import type { SshSettings } from '../ssh-config/ssh-settings.ts';
import {
  authenticationError,
  type ConnectStage,
  dialError,
  handshakeError,
  type LoginState,
  loginLostError,
  timeoutError,
} from './connect-error.ts';
import { type KeyRing, openKeyRing } from './key-ring.ts';

const defaultTimeout = 10_000;

/** Lets ssh2 offer our keys one by one, and signs only for those that the host accepts. */
class RingAgent extends ssh2.BaseAgent<ParsedKey> {
  /** A key that the host accepts, but that cannot be used. */
  locked: string | undefined;
  /** The host accepts a key, and has got its signature. */
  signed = false;
  readonly #ring: KeyRing;

  constructor(ring: KeyRing) {
    super();
    this.#ring = ring;
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(null, [...this.#ring.publicKeys]);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    const how = typeof options === 'function' ? {} : options;
    this.#ring.sign(key, data, how).then(
      (signature) => {
        this.signed ||= signature !== undefined;
        if (signature) done?.(null, signature);
        else this.#refuse(key, done);
      },
      (error: Error) => done?.(error),
    );
  }

  #refuse(key: ParsedKey, done: SignCallback | undefined): void {
    const wanted = key.getPublicSSH();
    const at = this.#ring.publicKeys.findIndex((known) => known.getPublicSSH().equals(wanted));
    this.locked = this.#ring.offered[at] ?? key.type;
    done?.(new Error('the key is locked'));
  }
}

class Login {
  readonly #settings: SshSettings;
  readonly #check: HostKeyCheck;
  readonly #agent: RingAgent;
  readonly #ring: KeyRing;
  #methods: readonly string[] = [];
  #attempts = 0;
  stage: ConnectStage = 'greeting';

  constructor(settings: SshSettings, ring: KeyRing) {
    this.#settings = settings;
    this.#ring = ring;
    this.#agent = new RingAgent(ring);
    this.#check = new HostKeyCheck(settings);
  }

  /** Shakes hands and logs in over a stream. */
  run(stream: Duplex): Promise<SshClient> {
    const ssh = new NodeSSH();
    // Its promise is not awaited: it gives up at the first refused signature, where ssh2 goes on to the next key.
    ssh.connect(this.#config(stream)).catch(() => undefined);
    const client = ssh.connection;
    if (!client) throw new Error('node-ssh made no connection');
    return new Promise((resolve, reject) => {
      client.on('error', (error: Error & { level?: string }) => {
        if (error.level !== 'agent') reject(this.#failure(error));
      });
      client.on('close', () => reject(this.#failure(new Error('the connection was closed'))));
      client.on('handshake', () => {
        this.stage = 'login';
      });
      client.on('ready', () => {
        try {
          this.#check.record();
          resolve(new SshClient(client));
        } catch (error) {
          client.end();
          reject(error);
        }
      });
    });
  }

  #config(stream: Duplex): ConnectConfig & { readonly privateKey?: never } {
    const { user, keepaliveInterval, keepaliveCount, algorithms } = this.#settings;
    return {
      sock: wholePackets(stream) as never,
      username: user,
      hostVerifier: (key: Buffer) => this.#check.verify(key),
      algorithms: clientAlgorithms(this.#check.algorithms, algorithms),
      authHandler: this.#nextMethod,
      keepaliveInterval,
      keepaliveCountMax: keepaliveCount,
      readyTimeout: 0,
    };
  }

  // ssh2 reports neither methods nor a partial success while it goes through the keys: `none` is asked for at the end.
  readonly #nextMethod: AuthHandlerMiddleware = (methods, _partial, next) => {
    this.#methods = methods ?? this.#methods;
    const username = this.#settings.user;
    const attempt = this.#attempts++;
    if (attempt === 0 && this.#ring.publicKeys.length > 0)
      next({ type: 'agent', username, agent: this.#agent });
    else if (attempt <= 1) next({ type: 'none', username });
    else next(false as never);
  };

  #failure(error: Error): UnreachableError {
    if (this.#check.failure) return this.#check.failure;
    if (this.stage === 'greeting') return handshakeError(this.#settings, error);
    const refused = /All configured authentication methods failed/.test(error.message);
    const tooMany = /too many/i.test(error.message);
    if (!refused && !tooMany) return loginLostError(this.#settings, error);
    const state: LoginState = {
      ring: this.#ring,
      methods: this.#methods,
      partial: this.#agent.signed && this.#methods.length > 0 && !this.#methods.includes('publickey'),
      locked: this.#agent.locked,
    };
    return authenticationError(this.#settings, state, tooMany ? error.message : undefined);
  }
}

// What ssh would have done and we did not may be the very reason.
function withNotes(error: UnreachableError, notes: readonly string[]): UnreachableError {
  if (notes.length === 0) return error;
  // A name that ssh would have changed first is rather that than unknown to the name server.
  const parts = error.code === 'name' ? [...notes, error.hint] : [error.hint, ...notes];
  return new UnreachableError(error.code, error.message, parts.join('; '));
}

/**
 * Connects and logs in; rejects with UnreachableError.
 * @param dial opens the stream to the host; the signal ends the attempt
 */
export async function openSshClient(
  settings: SshSettings,
  options: ConnectOptions,
  dial: (signal: AbortSignal) => Promise<Duplex>,
): Promise<SshClient> {
  const deadline = new Deadline(options.connectTimeout ?? settings.connectTimeout ?? defaultTimeout);
  let stage: ConnectStage = 'dial';
  const expired = (): UnreachableError => timeoutError(settings, stage, deadline.milliseconds);
  let stream: Duplex | undefined;
  try {
    const ring = await deadline.race(openKeyRing(settings, options, deadline), expired);
    stream = await deadline.race(dial(deadline.signal), expired);
    const login = new Login(settings, ring);
    const client = login.run(stream);
    return await deadline.race(client, () => {
      stage = login.stage;
      return expired();
    });
  } catch (error) {
    stream?.destroy();
    if (!(error instanceof Error)) throw error;
    throw withNotes(error instanceof UnreachableError ? error : dialError(settings, error), settings.notes);
  } finally {
    deadline.clear();
  }
}
