import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AuthContext, type ServerChannel } from 'ssh2';

/** How a fake host behaves where the real one would be hard to bring to it. */
export interface FakeHostOptions {
  readonly hostKeys?: readonly string[];
  /** Instead of letting everybody in; not answering is allowed. */
  readonly authenticate?: (context: AuthContext) => void;
  readonly exec?: (channel: ServerChannel, command: string, host: FakeHost) => void;
  /** Instead of speaking SSH. */
  readonly raw?: (socket: Socket) => void;
  readonly refuseSessions?: boolean;
}

/** Both halves in OpenSSH's format. */
export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

/** Makes a key pair with ssh-keygen: ssh2's own ed25519 keys are broken one time in two hundred. */
export function keyPair(type: 'ed25519' | 'rsa' = 'ed25519'): KeyPair {
  const folder = mkdtempSync(join(tmpdir(), 'provision-key-'));
  const file = join(folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
  const pair = { private: readFileSync(file, 'utf8'), public: readFileSync(`${file}.pub`, 'utf8') };
  rmSync(folder, { recursive: true });
  return pair;
}

/** A public key as it stands in known_hosts. */
export function publicLine(pair: KeyPair): string {
  return pair.public.split(' ').slice(0, 2).join(' ');
}

/** An SSH server in this process that can misbehave. */
export class FakeHost {
  /** Commands it was asked to run. */
  readonly commands: string[] = [];
  /** Login attempts: the method of each. */
  readonly logins: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  constructor(options: FakeHostOptions) {
    const ssh = new ssh2.Server({ hostKeys: [...(options.hostKeys ?? [])] }, (client) => {
      client.on('error', () => undefined);
      client.on('authentication', (context) => {
        this.logins.push(context.method);
        if (options.authenticate) options.authenticate(context);
        else if (context.method === 'publickey') context.accept();
        else context.reject(['publickey']);
      });
      client.on('session', (accept, reject) => {
        if (options.refuseSessions) {
          reject();
          return;
        }
        accept().on('exec', (acceptExec, _, { command }) => {
          this.commands.push(command);
          options.exec?.(acceptExec(), command, this);
        });
      });
    });
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      if (options.raw) options.raw(socket);
      else ssh.injectSocket(socket);
    });
  }

  get port(): number {
    return this.#port;
  }

  /** Connections open now. */
  get open(): number {
    return this.#sockets.size;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    this.#port = address.port;
    return this;
  }

  /** Resets every connection, as a host that lost its power. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Goes on to exist, but answers nothing any more. */
  freeze(): void {
    for (const socket of this.#sockets) socket.removeAllListeners('data').pause();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
