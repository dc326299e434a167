import {
  type CommandStream,
  type Connection,
  type ConnectOptions,
  type ProgramResult,
  type RunOptions,
  type StreamOptions,
  type Target,
  UnreachableError,
} from './connection.ts';
import { openSshClient } from './login/ssh-login.ts';
import type { ProgramChannel } from './programs/program-channel.ts';
import { SessionRefused, ShellRunner } from './programs/shell-runner.ts';
import type { SshClient } from './ssh/ssh-client.ts';
import { resolveSshConfig } from './ssh-config/ssh-config.ts';
import { openSshRoute, type SshRoute } from './ssh-route.ts';

async function openChannel(client: SshClient, command: string): Promise<ProgramChannel> {
  try {
    return await client.exec(command);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (client.lost === undefined && /open fail/i.test(reason)) throw new SessionRefused(reason);
    throw lostBefore(client.lost ?? reason);
  }
}

/** The connection was there, and is gone before a command could begin. */
export function lostBefore(reason: string): UnreachableError {
  return new UnreachableError(
    'lost',
    `the connection was lost before the command began: ${reason}`,
    'see that the host is up, then run again',
  );
}

/** A managed host over SSH. */
class SshConnection implements Connection {
  readonly host: string;
  readonly local = false;
  readonly #client: SshClient;
  readonly #route: SshRoute;
  readonly #runner: ShellRunner;

  constructor(host: string, user: string, client: SshClient, route: SshRoute, patience: number | undefined) {
    this.host = host;
    this.#client = client;
    this.#route = route;
    this.#runner = new ShellRunner({ user, patience, open: (command) => openChannel(client, command) });
  }

  get counts(): Connection['counts'] {
    return { connections: 1, execs: this.#runner.execs };
  }

  run(program: string, options: RunOptions): Promise<ProgramResult> {
    return this.#begun(() => this.#runner.run(program, options));
  }

  stream(command: string, options: StreamOptions): Promise<CommandStream> {
    return this.#begun(() => this.#runner.stream(command, options));
  }

  async #begun<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#client.lost !== undefined) throw lostBefore(this.#client.lost);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SessionRefused)) throw error;
      throw new UnreachableError(
        'connect',
        `the host refuses another session on this connection: ${error.message}`,
        'raise MaxSessions in its sshd_config: 10 is the default, 2 is the least that works here',
      );
    }
  }

  async close(): Promise<void> {
    if (this.#client.lost === undefined) await this.#runner.close();
    await this.#client.close();
    await this.#route.release();
  }
}

/** Connects to a host over SSH as ssh_config says; rejects with UnreachableError. */
export async function openSshConnection(target: Target, options: ConnectOptions): Promise<Connection> {
  const { name, address, port, user, identityFile } = target;
  const settings = resolveSshConfig(
    { alias: address ?? name, port, user, identityFile },
    options.sshConfigFile,
  );
  const route = await openSshRoute(settings, options);
  try {
    const client = await openSshClient(settings, options, route.dial);
    return new SshConnection(name, settings.user, client, route, options.shellTimeout);
  } catch (error) {
    await route.release();
    throw error;
  }
}
