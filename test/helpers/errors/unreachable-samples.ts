import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UnreachableError } from '../../../src/transport/connection.ts';
import { hostKeyError } from '../../../src/transport/host-keys/host-key-error.ts';
import { KnownHost } from '../../../src/transport/host-keys/host-key-verdict.ts';
import { authenticationError, dialError, timeoutError } from '../../../src/transport/login/connect-error.ts';
import type { SshSettings } from '../../../src/transport/ssh-config/ssh-settings.ts';
import { lostBefore } from '../../../src/transport/ssh-connection.ts';

const settings: SshSettings = {
  alias: 'h1',
  host: 'h1.lan',
  port: 22,
  user: 'anna',
  sshCommand: 'ssh h1',
  identityFiles: [],
  identitiesOnly: false,
  agentSocket: undefined,
  publicKeys: true,
  batchMode: false,
  hostKeyAlias: undefined,
  userKnownHostsFiles: [],
  globalKnownHostsFiles: [],
  acceptNewHostKeys: false,
  hashKnownHosts: false,
  jumps: [],
  connectTimeout: undefined,
  keepaliveInterval: 15_000,
  keepaliveCount: 3,
  family: 0,
  bindAddress: undefined,
  algorithms: {},
  notes: [],
};

/** A key as it travels; what it is made of does not matter here. */
function key(byte: number): Buffer {
  const part = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return Buffer.concat([part(Buffer.from('ssh-ed25519')), part(Buffer.alloc(32, byte))]);
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** One error of a host that shows `shown` while known_hosts has a line. */
function keyError(line: string, shown: Buffer): UnreachableError {
  const directory = mkdtempSync(join(tmpdir(), 'known-hosts-'));
  try {
    const file = join(directory, 'known_hosts');
    writeFileSync(file, line);
    const known = new KnownHost({ ...settings, userKnownHostsFiles: [file] });
    const verdict = known.judge(shown);
    if (verdict.kind === 'trusted') throw new Error('the key is trusted');
    const error = hostKeyError({ ...settings, userKnownHostsFiles: [file] }, known, shown, verdict);
    for (const part of ['message', 'hint'] as const)
      Object.assign(error, { [part]: error[part]?.replaceAll(file, '/home/anna/.ssh/known_hosts') });
    return error;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Errors of hosts that cannot be reached, made by what makes them in a run. */
export function unreachableSamples(): readonly UnreachableError[] {
  const [one, other] = [key(1), key(2)];
  const ring = { publicKeys: [], offered: [], unusable: [], sign: () => undefined as never };
  return [
    dialError(settings, coded('ECONNREFUSED')),
    dialError(settings, coded('ENOTFOUND')),
    timeoutError(settings, 'dial', 10_000),
    authenticationError(settings, { ring, methods: ['publickey'], partial: false, locked: undefined }),
    lostBefore('read ECONNRESET'),
    keyError('', one),
    keyError(`h1.lan ssh-ed25519 ${other.toString('base64')}\n`, one),
    keyError(`@revoked h1.lan ssh-ed25519 ${one.toString('base64')}\n`, one),
  ];
}
