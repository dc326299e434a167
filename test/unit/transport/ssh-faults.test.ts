import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerChannel } from 'ssh2';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type Connection, UnreachableError } from '../../../src/transport/connection.ts';
import { connect } from '../../../src/transport/connection-opening.ts';
import { FakeHost, type FakeHostOptions, keyPair, publicLine } from '../../helpers/transport/fake-host.ts';
import { marker, program } from '../../helpers/transport/programs.ts';
import { freePort } from '../../helpers/transport/real-sshd.ts';

const folder = mkdtempSync(join(tmpdir(), 'provision-faults-'));
const hostKey = keyPair();
const otherKey = keyPair();
const clientKey = join(folder, 'client');
writeFileSync(clientKey, keyPair().private, { mode: 0o600 });

const hosts: FakeHost[] = [];
const connections: Connection[] = [];

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
  for (const host of hosts.splice(0)) await host.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(options: FakeHostOptions = {}): Promise<FakeHost> {
  const host = await new FakeHost({ hostKeys: [hostKey.private], ...options }).start();
  hosts.push(host);
  return host;
}

interface Way {
  readonly known?: string;
  readonly config?: readonly string[];
  readonly timeout?: number;
  readonly identity?: string;
}

let files = 0;

/** Connects to a port as to the host `web1`, which has the host's right key on file unless the case says otherwise. */
async function reach(
  port: number,
  { known, config = [], timeout = 5000, identity = clientKey }: Way = {},
): Promise<Connection> {
  const hostsFile = join(folder, `known-${++files}`);
  writeFileSync(hostsFile, known ?? `[127.0.0.1]:${port} ${publicLine(hostKey)}\n`);
  const lines = [
    ...config,
    'Host web1',
    'HostName 127.0.0.1',
    `Port ${port}`,
    'User deploy',
    `IdentityFile ${identity}`,
    'IdentityAgent none',
    `UserKnownHostsFile ${hostsFile}`,
    'GlobalKnownHostsFile /dev/null',
  ];
  const sshConfigFile = join(folder, `config-${files}`);
  writeFileSync(sshConfigFile, `${lines.join('\n')}\n`);
  const connection = await connect({ name: 'web1', kind: 'ssh' }, { sshConfigFile, connectTimeout: timeout });
  connections.push(connection);
  return connection;
}

async function failure(work: Promise<unknown>): Promise<UnreachableError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UnreachableError);
  return error as UnreachableError;
}

const run = (connection: Connection, more = {}) =>
  connection.run(program('true'), { endMarker: marker, ...more });

// What the real shell says first: taken from the line that comes before the program.
async function opened(channel: ServerChannel): Promise<string> {
  const [chunk] = (await once(channel, 'data')) as [Buffer];
  const [greeting = '', ...program] = chunk.toString().split(/(?<=\n)/);
  channel.stderr.write(`${/[0-9a-f]{24}-ready/.exec(greeting)?.[0]} 4242\n`);
  return program.join('');
}

async function answer(channel: ServerChannel, text: string | Buffer): Promise<void> {
  await opened(channel);
  channel.write(text);
  channel.write(marker);
  channel.stderr.write(marker);
  channel.exit(0);
  channel.end();
}

describe('the host key', () => {
  test.each<[string, (port: number) => string, string, RegExp]>([
    ['unknown', () => '', 'unknown-host-key', /not known: ssh-ed25519 SHA256:/],
    ['changed', (port) => `[127.0.0.1]:${port} ${publicLine(otherKey)}\n`, 'changed-host-key', /known-\d+:1/],
    ['revoked', () => `@revoked * ${publicLine(hostKey)}\n`, 'revoked-host-key', /@revoked at .*known-\d+:1/],
  ])('%s: refused before any login', async (_, known, code, message) => {
    const host = await start();
    const error = await failure(reach(host.port, { known: known(host.port) }));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.any(String) });
    expect(host.logins).toEqual([]);
  });

  test('what ssh_config says and is not done stands beside the reason', async () => {
    const host = await start();
    const config = ['StrictHostKeyChecking no', 'Match exec "true"', 'User x', 'Match all'];
    const error = await failure(reach(host.port, { known: '', config }));
    expect(error).toMatchObject({
      code: 'unknown-host-key',
      hint: expect.stringMatching(
        /accept it with .*; `Match exec` at \S+config-\d+:2 is not evaluated; `StrictHostKeyChecking no` at \S+:1 is refused/,
      ),
    });
  });

  test('of the type on file is asked for, whatever the host prefers', async () => {
    const rsa = keyPair('rsa');
    const host = await start({ hostKeys: [hostKey.private, rsa.private] });
    const connection = await reach(host.port, { known: `[127.0.0.1]:${host.port} ${publicLine(rsa)}\n` });
    expect(connection.counts).toEqual({ connections: 1, execs: 0 });
  });

  test('accept-new takes it and writes it down; the next connection knows it', async () => {
    const host = await start();
    await reach(host.port, { known: '', config: ['StrictHostKeyChecking accept-new'] });
    const known = readFileSync(join(folder, `known-${files}`), 'utf8');
    expect(known).toBe(`[127.0.0.1]:${host.port} ${publicLine(hostKey)}\n`);
    await reach(host.port, { known });
  });
});

describe('connecting', () => {
  test('nothing listens', async () => {
    const port = await freePort();
    expect(await failure(reach(port))).toMatchObject({
      code: 'connect',
      message: `127.0.0.1:${port}: the connection was refused`,
      hint: expect.stringMatching(/sshd runs/),
    });
  });

  test('the name does not exist', async () => {
    const attempt = connect(
      { name: 'web1', address: 'no-such-host.invalid', kind: 'ssh' },
      { connectTimeout: 20_000 },
    );
    expect(await failure(attempt)).toMatchObject({
      code: 'name',
      message: "the name 'no-such-host.invalid' cannot be resolved",
      hint: expect.stringMatching(/^correct the host's name|^the name server does not answer/),
    });
  });

  test.each([
    [['Match exec "true"', 'HostName 127.0.0.1'], /^`Match exec` at \S+:1 is not evaluated; /],
    [
      ['CanonicalizeHostname yes', 'CanonicalDomains home.example'],
      /^CanonicalizeHostname at \S+:1 is not supported: write the full name; /,
    ],
  ])('the name does not exist, and ssh_config may be why: %j', async (lines, hint) => {
    const sshConfigFile = join(folder, `config-${++files}`);
    writeFileSync(sshConfigFile, `${lines.join('\n')}\n`);
    const target = { name: 'web1', address: 'no-such-host.invalid', kind: 'ssh' } as const;
    const error = await failure(connect(target, { sshConfigFile, connectTimeout: 20_000 }));
    expect(error).toMatchObject({ code: 'name', hint: expect.stringMatching(hint) });
  });

  test.each<[string, FakeHostOptions, string, RegExp, RegExp]>([
    [
      'silence',
      { raw: () => undefined },
      'timeout',
      /does not greet as an SSH server within 0.3 s/,
      /port of sshd/,
    ],
    [
      'no answer to the login',
      { authenticate: () => undefined },
      'timeout',
      /did not finish the login within 0.3 s/,
      /log of sshd/,
    ],
    [
      'another protocol',
      { raw: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n<html></html>') },
      'connect',
      /closed before the SSH server greeted|does not speak SSH/,
      /port/,
    ],
    [
      'garbage',
      { raw: (socket) => socket.write(Buffer.alloc(300_000, 0xfe)) },
      'connect',
      /does not speak SSH as expected/,
      /port of sshd/,
    ],
    [
      'garbage after the greeting',
      {
        raw: (socket) => socket.write(Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.alloc(50_000, 7)])),
      },
      'connect',
      /does not speak SSH as expected/,
      /port of sshd/,
    ],
    [
      'SSH 1',
      { raw: (socket) => socket.write('SSH-1.5-old\r\n') },
      'connect',
      /does not speak SSH/,
      /port of sshd/,
    ],
    [
      'closed at once',
      { raw: (socket) => socket.destroy() },
      'connect',
      /closed before the SSH server greeted|reset/,
      /MaxStartups/,
    ],
  ])('%s', async (_, options, code, message, hint) => {
    const host = await start(options);
    const began = performance.now();
    const error = await failure(reach(host.port, { timeout: code === 'timeout' ? 300 : 5000 }));
    expect(error).toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(performance.now() - began).toBeLessThan(4000);
  });

  test('a failed attempt leaves no connection behind', async () => {
    const host = await start({ authenticate: () => undefined });
    await failure(reach(host.port, { timeout: 200 }));
    for (let attempt = 0; attempt < 1000 && host.open > 0; attempt++) await sleep(10);
    expect(host.open).toBe(0);
  });

  test('no algorithm in common', async () => {
    const host = await start();
    const error = await failure(reach(host.port, { config: ['Ciphers 3des-cbc'] }));
    expect(error).toMatchObject({
      code: 'connect',
      message: expect.stringMatching(/no algorithm in common/),
    });
  });
});

describe('logging in', () => {
  test('a refused key: says which was tried, as whom, and what to do', async () => {
    const host = await start({ authenticate: (context) => context.reject(['publickey']) });
    const error = await failure(reach(host.port));
    expect(error).toMatchObject({
      code: 'authentication',
      message: expect.stringMatching(
        /^'deploy' at 127\.0\.0\.1:\d+ refused every key: tried \S+\/client \(ssh-ed25519 SHA256:\S{43}\)$/,
      ),
      hint: expect.stringMatching(/`ssh-copy-id -F \S+ web1`.*IdentityFile/),
    });
  });

  test('a connection that ends during the login is not a refused key', async () => {
    const host: FakeHost = await start({ authenticate: () => host.cut() });
    expect(await failure(reach(host.port))).toMatchObject({
      code: 'connect',
      message: expect.stringMatching(/the connection ended during the login/),
      hint: expect.stringMatching(/log of sshd/),
    });
  });

  test('no key at all', async () => {
    const host = await start();
    const error = await failure(reach(host.port, { identity: '/nowhere/key' }));
    expect(error).toMatchObject({
      code: 'authentication',
      message: expect.stringMatching(/refused every key: there is no key to try$/),
      hint: expect.stringMatching(/make a key with `ssh-keygen`/),
    });
  });

  test('a key that others may read is not used, as with ssh', async () => {
    const host = await start();
    const open = join(folder, 'open-key');
    writeFileSync(open, readFileSync(clientKey));
    chmodSync(open, 0o644);
    expect(await failure(reach(host.port, { identity: open }))).toMatchObject({
      code: 'authentication',
      message: expect.stringMatching(
        /no key to try; not tried: \S+open-key: others may read it: `chmod 600 \S+open-key`/,
      ),
    });
  });

  test('a file that is no key', async () => {
    const host = await start();
    const text = join(folder, 'not-a-key');
    writeFileSync(text, 'hello', { mode: 0o600 });
    expect(await failure(reach(host.port, { identity: text }))).toMatchObject({
      code: 'authentication',
      message: expect.stringMatching(/not tried: \S+not-a-key: /),
    });
  });

  test('a host that takes passwords only', async () => {
    const host = await start({ authenticate: (context) => context.reject(['password']) });
    const error = await failure(reach(host.port));
    expect(error).toMatchObject({
      code: 'authentication',
      hint: expect.stringMatching(/takes password only: allow PubkeyAuthentication/),
    });
  });

  test('a host that wants a password besides the key', async () => {
    let left: 'publickey' | 'password' = 'publickey';
    const host = await start({
      authenticate: (context) => {
        if (context.method !== 'publickey') return context.reject([left]);
        if (!context.signature) return context.accept();
        left = 'password';
        return context.reject(['password'], true);
      },
    });
    expect(await failure(reach(host.port))).toMatchObject({
      code: 'authentication',
      message: expect.stringMatching(/accepts the key but also wants password/),
      hint: expect.stringMatching(/AuthenticationMethods/),
    });
  });

  test('keys forbidden by ssh_config', async () => {
    const host = await start();
    const error = await failure(reach(host.port, { config: ['PubkeyAuthentication no'] }));
    expect(error).toMatchObject({
      code: 'authentication',
      hint: expect.stringMatching(/PubkeyAuthentication no/),
    });
  });
});

describe('running', () => {
  test('text split inside its characters arrives whole', async () => {
    const text = 'Größe 😀 €\n';
    const host = await start({
      exec: async (channel) => {
        await opened(channel);
        for (const byte of Buffer.from(text + marker)) {
          channel.write(Buffer.from([byte]));
          await sleep(1);
        }
        channel.stderr.write(marker);
        channel.exit(0);
        channel.end();
      },
    });
    const result = await run(await reach(host.port));
    expect(result.stdout.toString('utf8')).toBe(text + marker);
  });

  test('a connection lost in mid-command is unreachable, not a result', async () => {
    const host = await start({
      exec: async (channel, _, self) => {
        await opened(channel);
        channel.write('half an ans');
        setTimeout(() => self.cut(), 50);
      },
    });
    const connection = await reach(host.port);
    const error = await failure(run(connection));
    expect(error).toMatchObject({
      code: 'lost',
      message: expect.stringMatching(/^the connection was lost in mid-command: /),
      hint: expect.stringMatching(/run again/),
    });
    expect(await failure(run(connection))).toMatchObject({ code: 'lost' });
  });

  test('a channel that closes without an exit code is lost too', async () => {
    const host = await start({
      exec: async (channel) => {
        await opened(channel);
        channel.write('half');
        channel.close();
      },
    });
    const error = await failure(run(await reach(host.port)));
    expect(error).toMatchObject({ code: 'lost', message: expect.stringMatching(/without an exit code/) });
  });

  test('a connection lost between commands ends no process, and is reported at the next', async () => {
    const host = await start();
    const connection = await reach(host.port);
    host.cut();
    await sleep(100);
    expect(await failure(run(connection))).toMatchObject({
      code: 'lost',
      message: expect.stringMatching(/lost before the command began/),
    });
    await connection.close();
  });

  test('a host that stops answering is noticed by keepalives', async () => {
    const host = await start({ exec: (_, __, self) => self.freeze() });
    const connection = await reach(host.port, { config: ['ServerAliveInterval 1', 'ServerAliveCountMax 1'] });
    const error = await failure(run(connection));
    expect(error).toMatchObject({ code: 'lost', message: expect.stringMatching(/Keepalive timeout/) });
  });

  test('a shell that a signal ended gives 128 and the signal', async () => {
    const host = await start({
      exec: async (channel) => {
        await opened(channel);
        channel.exit('KILL', false, '');
        channel.end();
      },
    });
    expect((await run(await reach(host.port))).code).toBe(137);
  });

  test('a flood is cut off, and the program on the host killed', async () => {
    const host = await start({
      exec: async (channel) => {
        const program = await opened(channel);
        if (host.commands.length > 1) {
          host.commands.push(program);
          channel.on('end', () => {
            channel.exit(0);
            channel.end();
          });
          return;
        }
        const block = Buffer.alloc(65_536, 0x78);
        const flood = (): void => {
          while (channel.writable && channel.write(block));
        };
        channel.on('drain', flood);
        flood();
      },
    });
    const connection = await reach(host.port);
    const error = await run(connection, { maxBytes: 3_000_000 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'RunError', code: 'output-limit' });
    await connection.close();
    expect(host.commands.at(-1)).toMatch(/^kill -TERM -4242 .*kill -KILL -4242\b/s);
  });

  test('cut off by a signal', async () => {
    const host = await start({ exec: (channel) => void opened(channel) });
    const connection = await reach(host.port);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await expect(run(connection, { signal: stop.signal })).rejects.toMatchObject({ code: 'aborted' });
    host.cut();
  });

  test('a host that refuses sessions is reported, with MaxSessions', async () => {
    const host = await start({ refuseSessions: true });
    const error = await failure(run(await reach(host.port)));
    expect(error).toMatchObject({ code: 'connect', hint: expect.stringMatching(/MaxSessions/) });
  });

  test('noise before the shell is ready is not part of the output', async () => {
    const host = await start({
      exec: (channel) => {
        channel.stderr.write('motd on the wrong stream\n');
        void answer(channel, 'fine\n');
      },
    });
    const result = await run(await reach(host.port));
    expect(result.stdout.toString()).toBe(`fine\n${marker}`);
    expect(result.stderr.toString()).toBe(marker);
  });

  test.each([
    ['stderr', 'This account is not available.\n', {}, / printed: This account is not available\.$/],
    ['stdout', 'backups only\n', {}, / exit code 1 and printed: backups only$/],
    ['stdout', 'backups only\n', { become: { user: 'app' } }, / printed: backups only$/],
    ['stdout', '', { become: { user: 'app', password: 'pw' } }, / printed nothing$/],
  ] as const)(
    'a login that gives no shell says what it said on %s: %j %j',
    async (stream, words, more, said) => {
      const host = await start({
        exec: (channel) => {
          (stream === 'stderr' ? channel.stderr : channel).write(words);
          channel.exit(1);
          channel.end();
        },
      });
      await expect(run(await reach(host.port), more)).rejects.toMatchObject({
        name: 'UnreachableError',
        code: 'authentication',
        message: expect.stringMatching(said),
        hint: expect.stringMatching(/nologin .*ForceCommand/),
      });
    },
  );
});

test('100 hosts at once, without waiting for each other', async () => {
  const host = await start({ exec: (channel) => void answer(channel, 'ok\n') });
  const all = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const connection = await reach(host.port, { timeout: 15_000 });
      return (await run(connection)).code;
    }),
  );
  expect(all).toEqual(Array.from({ length: 100 }, () => 0));
});
