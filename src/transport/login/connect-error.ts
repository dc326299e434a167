import { UnreachableError } from '../connection.ts';
import type { SshSettings } from '../ssh-config/ssh-settings.ts';
import type { KeyRing } from './key-ring.ts';

/** How far a connection had come. */
export type ConnectStage = 'dial' | 'greeting' | 'login';

const address = ({ host, port }: SshSettings): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const dialHints: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: see that sshd runs on the host and that the port is right',
  EHOSTUNREACH: 'see that the host is up and that the address and the route to it are right',
  ENETUNREACH: 'see that this machine has a network that leads there',
  ECONNRESET:
    'sshd or a firewall closed the connection: see its log, and MaxStartups if many connect at once',
  EADDRNOTAVAIL: 'see BindAddress: this machine does not have that address',
};

const dialWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ECONNRESET: 'the connection was reset',
};

/** Turns what the network says into what to do. */
export function dialError(settings: SshSettings, error: Error): UnreachableError {
  const code = codeOf(error);
  if (['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_FAIL'].includes(code)) {
    return new UnreachableError(
      'name',
      `the name '${settings.host}' cannot be resolved`,
      code === 'EAI_AGAIN'
        ? 'the name server does not answer: see that this machine is on the network'
        : "correct the host's name or address in the inventory, or give it a `HostName` in ssh_config",
    );
  }
  if (code === 'ETIMEDOUT') return timeoutError(settings, 'dial', undefined);
  const words = dialWords[code] ?? error.message;
  return new UnreachableError(
    'connect',
    `${address(settings)}: ${words}`,
    dialHints[code] ?? hintByHand(settings),
  );
}

const hintByHand = ({ sshCommand }: SshSettings): string => `try \`${sshCommand}\` by hand`;

/** The time for connecting is over. */
export function timeoutError(
  settings: SshSettings,
  stage: ConnectStage,
  milliseconds: number | undefined,
): UnreachableError {
  const span = milliseconds === undefined ? '' : ` within ${milliseconds / 1000} s`;
  const [what, hint] = {
    dial: ['no answer', 'see that the host is up, and that no firewall drops packets to this port'],
    greeting: ['something listens, but does not greet as an SSH server', 'see that this is the port of sshd'],
    login: [
      'the SSH server did not finish the login',
      `see the log of sshd on the host, or ${hintByHand(settings)}`,
    ],
  }[stage];
  return new UnreachableError('timeout', `${address(settings)}: ${what}${span}`, hint);
}

/** Turns an error before the login into what to do. */
export function handshakeError(settings: SshSettings, error: Error): UnreachableError {
  if (/lost before handshake/i.test(error.message)) {
    return new UnreachableError(
      'connect',
      `${address(settings)}: the connection was closed before the SSH server greeted`,
      'see the log of sshd on the host: MaxStartups when many connect at once, fail2ban, or another service on this port',
    );
  }
  if (/no matching/i.test(error.message)) {
    return new UnreachableError(
      'connect',
      `${address(settings)}: the SSH server and provision have no algorithm in common (${error.message})`,
      'update sshd on the host, or name what it offers in ssh_config (HostKeyAlgorithms, KexAlgorithms, Ciphers, MACs)',
    );
  }
  if (codeOf(error) in dialWords) return dialError(settings, error);
  return new UnreachableError(
    'connect',
    `${address(settings)}: what answers does not speak SSH as expected (${error.message})`,
    `see that this is the port of sshd, or ${hintByHand(settings)}`,
  );
}

/** The connection ended between handshake and login, for another reason than a refused key. */
export function loginLostError(settings: SshSettings, error: Error): UnreachableError {
  return new UnreachableError(
    'connect',
    `${address(settings)}: the connection ended during the login (${error.message})`,
    `see the log of sshd on the host, or ${hintByHand(settings)}`,
  );
}

/** What a login has tried. */
export interface LoginState {
  readonly ring: KeyRing;
  /** Methods that the host would go on with. */
  readonly methods: readonly string[];
  /** A key was right, but the host wants more. */
  readonly partial: boolean;
  /** A key that the host accepts, but that could not be used. */
  readonly locked: string | undefined;
}

/** The host refused all keys: says which were tried, and how to get in. */
export function authenticationError(
  settings: SshSettings,
  state: LoginState,
  detail?: string,
): UnreachableError {
  const { ring, methods, partial, locked } = state;
  const who = `'${settings.user}' at ${address(settings)}`;
  if (locked !== undefined) {
    return new UnreachableError(
      'authentication',
      `${who} accepts ${locked}, but the key could not be used: no right passphrase, or the agent refused`,
      'put it into the agent before the run: `ssh-add`, or run at a terminal to be asked',
    );
  }
  const others = methods.filter((method) => method !== 'publickey');
  if (partial) {
    return new UnreachableError(
      'authentication',
      `${who} accepts the key but also wants ${others.join(' or ')}, which provision cannot give`,
      'let this user in by key alone: AuthenticationMethods in sshd_config on the host',
    );
  }
  const offered = ring.offered.length > 0 ? `tried ${ring.offered.join(', ')}` : 'there is no key to try';
  const unusable = ring.unusable.length > 0 ? `; not tried: ${ring.unusable.join('; ')}` : '';
  const reason = detail === undefined ? '' : ` (${detail})`;
  return new UnreachableError(
    'authentication',
    `${who} refused every key${reason}: ${offered}${unusable}`,
    authenticationHint(settings, state, detail),
  );
}

function authenticationHint(
  settings: SshSettings,
  { ring, methods }: LoginState,
  detail: string | undefined,
): string {
  if (detail !== undefined && /too many/i.test(detail)) {
    return 'too many keys were offered: name the right one with `IdentityFile` and set `IdentitiesOnly yes` for this host';
  }
  if (methods.length > 0 && !methods.includes('publickey')) {
    return `the host takes ${methods.join(', ')} only: allow PubkeyAuthentication in its sshd_config`;
  }
  if (!settings.publicKeys)
    return '`PubkeyAuthentication no` in ssh_config forbids keys, and provision logs in by key only';
  const { sshCommand } = settings;
  if (ring.offered.length === 0) {
    return `make a key with \`ssh-keygen\` and bring it over with \`${sshCommand.replace(/^ssh/, 'ssh-copy-id')}\`, or name one with \`IdentityFile\``;
  }
  return `bring a key over with \`${sshCommand.replace(/^ssh/, 'ssh-copy-id')}\`, name the right one with \`IdentityFile\`, or check the user`;
}
