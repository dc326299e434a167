import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { SshChannel } from './ssh-channel.ts';

// How long a server gets to close its side before the socket is torn down.
const closeTimeout = 1000;

/** A logged-in connection: channels go out, and its end is reported once. */
export class SshClient {
  readonly #client: Client;
  readonly #listeners = new Set<() => void>();
  #reason = 'the host closed it';
  #ended = false;

  constructor(client: Client) {
    this.#client = client;
    // Without a listener of our own a reset connection would end the process.
    client.on('error', (error) => {
      this.#reason = error.message;
    });
    client.on('close', () => {
      this.#ended = true;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  /** Why the connection is over; undefined while it lives. */
  get lost(): string | undefined {
    return this.#ended ? this.#reason : undefined;
  }

  /** Calls back once the connection is over; returns what takes the listener away. */
  onEnd(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Starts a command; rejects with what ssh2 says when no channel can be had. */
  exec(command: string): Promise<SshChannel> {
    return new Promise((resolve, reject) => {
      this.#client.exec(command, (error, channel) =>
        error ? reject(error) : resolve(new SshChannel(channel, () => this.lost)),
      );
    });
  }

  /** A connection from the host to somewhere else. */
  forward(host: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      this.#client.forwardOut('127.0.0.1', 0, host, port, (error, channel) =>
        error ? reject(error) : resolve(channel),
      );
    });
  }

  /** Ends the connection; never fails. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#reason = 'it was closed';
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.#client.destroy(), closeTimeout);
      this.onEnd(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#client.end();
    });
  }
}
