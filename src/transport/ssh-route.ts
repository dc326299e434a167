import type { Duplex } from 'node:stream';
import { type ConnectOptions, UnreachableError } from './connection.ts';
import { NewHostKeyError } from './host-keys/new-host-key.ts';
import { openSshClient } from './login/ssh-login.ts';
import { runShared } from './run-shared.ts';
import type { SshClient } from './ssh/ssh-client.ts';
import type { JumpSpec } from './ssh-config/proxy-jump.ts';
import { resolveSshConfig } from './ssh-config/ssh-config.ts';
import type { SshSettings } from './ssh-config/ssh-settings.ts';
import { openSocket } from './tcp-socket.ts';

/** The way to a host, directly or over jump hosts. */
export interface SshRoute {
  /** Opens a stream to the host. */
  dial(signal: AbortSignal): Promise<Duplex>;
  /** Lets the jump host go when nobody else needs it. */
  release(): Promise<void>;
}

interface JumpHost {
  readonly client: Promise<SshClient>;
  readonly close: () => Promise<void>;
  users: number;
}

/** Keys of the jump hosts that are being resolved, to find a circle. */
type Trail = readonly string[];

const hopName = ({ user, host, port }: JumpSpec): string =>
  `${user === undefined ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}`;

// As `ssh -J a,b`: the last hop is reached over those before it; the first one as its own configuration says.
function jumpSettings(hops: readonly JumpSpec[], options: ConnectOptions): SshSettings {
  const last = hops.at(-1);
  if (!last) throw new TypeError('a jump needs a host');
  const before = hops.slice(0, -1);
  return resolveSshConfig(
    { alias: last.host, user: last.user, port: last.port, jumps: before.length > 0 ? before : undefined },
    options.sshConfigFile,
  );
}

async function connectJump(
  settings: SshSettings,
  options: ConnectOptions,
  trail: Trail,
): Promise<[SshClient, SshRoute]> {
  const route = await openSshRoute(settings, options, trail);
  try {
    return [await openSshClient(settings, options, route.dial), route];
  } catch (error) {
    await route.release();
    throw error;
  }
}

function openJump(
  settings: SshSettings,
  options: ConnectOptions,
  trail: Trail,
  forget: () => void,
): JumpHost {
  const opened = connectJump(settings, options, trail);
  opened.then(
    ([client]) => client.onEnd(forget),
    () => forget(),
  );
  return {
    users: 0,
    client: opened.then(([client]) => client),
    close: async () => {
      const [client, route] = await opened;
      await client.close();
      await route.release();
    },
  };
}

function named(hop: string, error: unknown): unknown {
  if (!(error instanceof UnreachableError)) return error;
  const message = `jump host ${hop}: ${error.message}`;
  if (error instanceof NewHostKeyError) return new NewHostKeyError(message, error.hint, error.offer);
  return new UnreachableError(error.code, message, error.hint);
}

function forwardError(hop: string, { host, port }: SshSettings, error: Error): UnreachableError {
  // SSH_OPEN_ADMINISTRATIVELY_PROHIBITED
  const forbidden = 'reason' in error && error.reason === 1;
  return new UnreachableError(
    'connect',
    `jump host ${hop} cannot reach ${host}:${port}: ${error.message.replace(/^\(SSH\) /, '')}`,
    forbidden
      ? 'sshd there forbids it: see AllowTcpForwarding and PermitOpen in its sshd_config'
      : 'see that the name and port are right as seen from the jump host, and that the host is up',
  );
}

/** Finds the way that ProxyJump describes; connects the jump hosts, each only once in a run. */
export async function openSshRoute(
  settings: SshSettings,
  options: ConnectOptions,
  trail: Trail = [],
): Promise<SshRoute> {
  const { jumps } = settings;
  const last = jumps.at(-1);
  if (!last) {
    return { dial: (signal) => openSocket(settings, signal), release: async () => undefined };
  }
  const hop = hopName(last);
  const key = JSON.stringify(jumps);
  if (trail.includes(key)) {
    throw new UnreachableError(
      'connect',
      `the ProxyJump of '${settings.alias}' leads in a circle over ${hop}`,
      'set `ProxyJump none` for the jump host itself, or leave it out of the Host pattern',
    );
  }
  const { jumpHosts } = runShared<JumpHost>(options);
  let jump = jumpHosts.get(key);
  if (!jump) {
    const forget = (): void => {
      if (jumpHosts.get(key) === jump) jumpHosts.delete(key);
    };
    jump = openJump(jumpSettings(jumps, options), options, [...trail, key], forget);
    jumpHosts.set(key, jump);
  }
  const used = jump;
  used.users++;
  const client = await used.client.catch((error: unknown) => {
    throw named(hop, error);
  });
  return {
    dial: async (signal) => {
      const stream = await client.forward(settings.host, settings.port).catch((error: Error) => {
        throw forwardError(hop, settings, error);
      });
      if (signal.aborted) stream.destroy();
      return stream;
    },
    release: async () => {
      if (--used.users > 0) return;
      if (jumpHosts.get(key) === used) jumpHosts.delete(key);
      await used.close();
    },
  };
}
