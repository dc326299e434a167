import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import type { ProgramChannel } from '../programs/program-channel.ts';

const signalNumbers: Readonly<Record<string, number>> = constants.signals;

/**
 * A command that runs over SSH.
 * Must be made in ssh2's own callback: a quick command's exit can follow in the same packet, before any promise settles.
 */
export class SshChannel implements ProgramChannel {
  readonly #channel: ClientChannel;
  readonly #lost: () => string | undefined;
  readonly #exit = Promise.withResolvers<number>();
  readonly #closed = Promise.withResolvers<void>();

  /** @param lost why the connection is over; undefined while it lives */
  constructor(channel: ClientChannel, lost: () => string | undefined) {
    this.#channel = channel;
    this.#lost = lost;
    channel.on('exit', (code: number | null, signal?: string) => {
      this.#exit.resolve(code ?? 128 + (signalNumbers[signal ?? ''] ?? 0));
    });
    channel.on('close', () => {
      // stdout has ended by now; what stderr still holds is lost with the connection only.
      if (channel.stderr.readableEnded || lost() !== undefined) this.#closed.resolve();
      else channel.stderr.once('end', this.#closed.resolve);
    });
  }

  get stdin(): Writable {
    return this.#channel.stdin;
  }

  get stdout(): Readable {
    return this.#channel.stdout;
  }

  get stderr(): Readable {
    return this.#channel.stderr;
  }

  onExit(listener: (code: number) => void): void {
    this.#exit.promise.then(listener);
  }

  onClose(listener: () => void): void {
    this.#closed.promise.then(listener);
  }

  lostReason(): string {
    return this.#lost() ?? 'the host closed the channel without an exit code';
  }

  close(): void {
    this.#channel.close();
  }
}
