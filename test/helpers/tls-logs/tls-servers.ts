import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { ShellHost } from '../resources/shell-host.ts';

/** A port of this machine at which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Arguments of openssl that serve `NAME.pem` with `NAME.key`. */
export function serverArguments(port: number, name: string): readonly string[] {
  const address = `127.0.0.1:${port}`;
  return ['s_server', '-quiet', '-accept', address, '-cert', `${name}.pem`, '-key', `${name}.key`];
}

/** Servers that show certificates of one directory, until they are closed. */
export class TlsServers {
  readonly #directory: string;
  readonly #running: ChildProcess[] = [];

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Starts one and waits until it can be spoken to. */
  async listen(port: number, name: string): Promise<void> {
    const child = spawn('openssl', serverArguments(port, name), { cwd: this.#directory, stdio: 'ignore' });
    this.#running.push(child);
    const connect = `openssl s_client -connect 127.0.0.1:${port} </dev/null >/dev/null 2>&1`;
    for (let tries = 0; tries < 100; tries++) {
      if ((await new ShellHost().run(connect)).code === 0) return;
    }
    throw new Error('s_server does not listen');
  }

  close(): void {
    for (const child of this.#running.splice(0)) child.kill();
  }
}
