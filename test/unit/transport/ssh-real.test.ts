import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, type ConnectOptions, UnreachableError } from '../../../src/transport/connection.ts';
import { connect } from '../../../src/transport/connection-opening.ts';
import { isAlive, marker, printed, program } from '../../helpers/transport/programs.ts';
import { SshdLab } from '../../helpers/transport/real-sshd.ts';

let lab: SshdLab;
let port: number;
let portB: number;
const connections: Connection[] = [];

beforeAll(async () => {
  lab = new SshdLab();
  port = await lab.start('a');
  portB = await lab.start('b');
  lab.key('encrypted', 'ed25519', 'open sesame');
  lab.key('pem', 'rsa', 'open sesame', '-m', 'PEM', '-b', '2048');
  lab.key('ecdsa', 'ecdsa');
  lab.key('rsa', 'rsa', '', '-b', '2048');
  lab.key('stranger');
});
beforeEach(() => lab.authorise('client'));
afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
});
afterAll(() => lab?.stop());

interface Way {
  readonly keys?: readonly string[];
  readonly config?: readonly string[];
  readonly agent?: string;
}

/** Options whose ssh_config knows the two hosts `a` and `b`. */
function options(
  { keys = ['client'], config = [], agent = 'none' }: Way = {},
  more: ConnectOptions = {},
): ConnectOptions {
  const known = lab.write('known_hosts', lab.knownHost('a', port) + lab.knownHost('b', portB));
  const lines = [
    ...config,
    `Host a`,
    `Port ${port}`,
    'Host b',
    `Port ${portB}`,
    'Host *',
    'HostName 127.0.0.1',
    `User ${lab.user}`,
    ...keys.map((key) => `IdentityFile ${lab.path(key)}`),
    `IdentityAgent ${agent}`,
    `UserKnownHostsFile ${known}`,
    'GlobalKnownHostsFile /dev/null',
  ];
  return { sshConfigFile: lab.write('ssh_config', `${lines.join('\n')}\n`), ...more };
}

async function reach(name: string, connectOptions: ConnectOptions): Promise<Connection> {
  const connection = await connect({ name, kind: 'ssh' }, connectOptions);
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

const run = (connection: Connection, body: string, more = {}) =>
  connection.run(program(body), { endMarker: marker, ...more });

/** The port on which the host itself sees the connection. */
async function seenPort(connection: Connection): Promise<number> {
  const { stdout } = await run(connection, 'echo "$SSH_CONNECTION"');
  return Number(printed(stdout).trim().split(' ')[3]);
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 1000 && !condition(); attempt++) await sleep(10);
  expect(condition()).toBe(true);
}

test('a command gets bytes of the caller and gives them back, beside programs', async () => {
  const connection = await reach('a', options());
  const bytes = randomBytes(1_000_000);
  const { stdin, stdout, ended } = await connection.stream('cat; (exit 3)', {});
  expect(printed((await run(connection, 'echo beside')).stdout)).toBe('beside\n');
  const back = buffer(stdout);
  stdin.end(bytes);
  expect((await back).equals(bytes)).toBe(true);
  expect(await ended).toEqual({ code: 3, stderr: '' });
});

describe('keys', () => {
  test.each(['client', 'ecdsa', 'rsa'])('a plain key file: %s', async (key) => {
    lab.authorise(key);
    expect(await seenPort(await reach('a', options({ keys: [key] })))).toBe(port);
  });

  test('keys are tried in order until one is taken', async () => {
    const connection = await reach('a', options({ keys: ['missing', 'stranger', 'rsa', 'client'] }));
    expect(await seenPort(connection)).toBe(port);
  });

  test.each(['encrypted', 'pem'])(
    'an encrypted key asks for its passphrase once for all hosts: %s',
    async (key) => {
      lab.authorise(key);
      const asked: string[] = [];
      const shared = options(
        { keys: [key] },
        {
          connectTimeout: 2000,
          askPassphrase: async (file) => {
            asked.push(file);
            await sleep(300);
            return 'open sesame';
          },
        },
      );
      const all = await Promise.all(['a', 'b', 'a', 'b'].map((name) => reach(name, shared)));
      expect(await Promise.all(all.map(seenPort))).toEqual([port, portB, port, portB]);
      expect(asked).toEqual([lab.path(key)]);
    },
  );

  test('the time for a passphrase does not count as time for connecting', async () => {
    lab.authorise('encrypted');
    const slow = options(
      { keys: ['encrypted'] },
      {
        connectTimeout: 700,
        askPassphrase: async () => {
          await sleep(1200);
          return 'open sesame';
        },
      },
    );
    expect(await seenPort(await reach('a', slow))).toBe(port);
  });

  test('a wrong passphrase is asked for again, three times', async () => {
    lab.authorise('encrypted');
    const answers = ['wrong', 'open sesame'];
    const patient = options({ keys: ['encrypted'] }, { askPassphrase: async () => answers.shift() });
    expect(await seenPort(await reach('a', patient))).toBe(port);
    let asked = 0;
    const hopeless = options(
      { keys: ['encrypted'] },
      {
        askPassphrase: async () => {
          asked++;
          return 'wrong';
        },
      },
    );
    const error = await failure(reach('a', hopeless));
    expect(asked).toBe(3);
    expect(error).toMatchObject({
      code: 'authentication',
      message: expect.stringMatching(
        /accepts \S+\/encrypted \(ssh-ed25519 SHA256:\S+\), but the key could not be used/,
      ),
      hint: expect.stringMatching(/ssh-add/),
    });
  });

  test('nobody is asked for a key that the host does not take', async () => {
    const asked: string[] = [];
    const shared = options(
      { keys: ['encrypted', 'client'] },
      {
        askPassphrase: async (file) => {
          asked.push(file);
          return undefined;
        },
      },
    );
    expect(await seenPort(await reach('a', shared))).toBe(port);
    expect(asked).toEqual([]);
  });

  test('BatchMode asks nobody', async () => {
    lab.authorise('encrypted');
    const shared = options(
      { keys: ['encrypted'], config: ['BatchMode yes'] },
      { askPassphrase: async () => expect.unreachable('asked') },
    );
    expect(await failure(reach('a', shared))).toMatchObject({ code: 'authentication' });
  });

  test.each(['encrypted', 'ecdsa', 'rsa'])('from the agent: %s', async (key) => {
    lab.authorise(key);
    const plain = lab.path(`${key}-for-agent`);
    rmSync(plain, { force: true });
    execFileSync('cp', [lab.path(key), plain]);
    execFileSync('ssh-keygen', [
      '-q',
      '-p',
      '-P',
      key === 'encrypted' ? 'open sesame' : '',
      '-N',
      '',
      '-f',
      plain,
    ]);
    const agent = lab.agent(`${key}-for-agent`);
    expect(await seenPort(await reach('a', options({ keys: [], agent })))).toBe(port);
  });

  test('IdentitiesOnly takes from the agent only what is named', async () => {
    lab.authorise('ecdsa');
    const agent = lab.agent('rsa', 'ecdsa');
    const only = ['IdentitiesOnly yes'];
    const error = await failure(reach('a', options({ keys: ['rsa'], agent, config: only })));
    expect(error.message).toMatch(/refused every key: tried agent key rsa \(ssh-rsa SHA256:\S+\)$/);
    lab.write('named.pub', readFileSync(lab.path('ecdsa.pub'), 'utf8'));
    expect(await seenPort(await reach('a', options({ keys: ['named.pub'], agent, config: only })))).toBe(
      port,
    );
    expect(await seenPort(await reach('a', options({ keys: ['named'], agent, config: only })))).toBe(port);
  });

  test('an agent that does not answer is said, and files are tried', async () => {
    const agent = lab.path('no-agent');
    expect(await seenPort(await reach('a', options({ agent })))).toBe(port);
    const error = await failure(reach('a', options({ keys: ['stranger'], agent })));
    expect(error.message).toMatch(
      /tried \S+\/stranger .*; not tried: the agent at \S+no-agent does not answer/,
    );
  });

  test('the key of the inventory is tried first', async () => {
    const target = { name: 'a', kind: 'ssh', identityFile: lab.path('client') } as const;
    const connection = await connect(target, options({ keys: ['stranger'] }));
    connections.push(connection);
    expect(await seenPort(connection)).toBe(port);
  });

  test('too many keys', async () => {
    const keys = Array.from({ length: 8 }, (_, index) => `many-${index}`);
    for (const key of keys) lab.key(key);
    const error = await failure(reach('a', options({ keys })));
    expect(error).toMatchObject({
      code: 'authentication',
      message: expect.stringMatching(/Too many authentication failures/),
      hint: expect.stringMatching(/IdentitiesOnly yes/),
    });
  });

  test('a host that also wants a password', async () => {
    const strict = await lab.start('strict', [
      'PasswordAuthentication yes',
      'AuthenticationMethods publickey,password',
    ]);
    const known = lab.write('known_strict', lab.knownHost('strict', strict));
    const config = ['Host strict', `Port ${strict}`, `UserKnownHostsFile ${known}`];
    expect(await failure(reach('strict', options({ config })))).toMatchObject({
      code: 'authentication',
      message: expect.stringMatching(/accepts the key but also wants password/),
    });
  });
});

describe('programs', () => {
  test('input and output of a size that fills every window', async () => {
    const connection = await reach('a', options());
    const text = 'ß'.repeat(3_000_000);
    const result = await run(connection, `cat <<'end'\n${text}\nend`);
    expect(result.stdout.equals(Buffer.from(`${text}\n${marker}`))).toBe(true);
    expect(result.code).toBe(0);
  });

  test('a background child does not hold the program up', async () => {
    const connection = await reach('a', options());
    const began = performance.now();
    const result = await run(connection, 'sleep 30 & echo $!');
    expect(result.code).toBe(0);
    expect(performance.now() - began).toBeLessThan(5000);
    process.kill(Number(printed(result.stdout)));
  });

  test('held until the connection closes, beside others', async () => {
    const witness = lab.path('held');
    const connection = await reach('a', options());
    const held = await connection.run(program('echo in', `trap 'echo over >${witness}' EXIT`), {
      endMarker: marker,
      hold: true,
    });
    expect(held.code).toBeUndefined();
    expect((await run(connection, 'true')).code).toBe(0);
    expect(existsSync(witness)).toBe(false);
    await connection.close();
    expect(readFileSync(witness, 'utf8')).toBe('over\n');
    expect(connection.counts).toEqual({ connections: 1, execs: 2 });
  });

  test('a held program learns of a lost connection', async () => {
    const witness = lab.path('freed');
    const connection = await reach('a', options());
    const held = await connection.run(program('echo $PPID', `trap 'echo over >${witness}' EXIT`), {
      endMarker: marker,
      hold: true,
    });
    // The sshd process of this very session: killing it is what a broken network looks like from both sides.
    let session = Number(printed(held.stdout));
    while (
      !execFileSync('ps', ['-o', 'args=', '-p', String(session)], { encoding: 'utf8' }).startsWith('sshd')
    ) {
      session = Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(session)], { encoding: 'utf8' }));
    }
    process.kill(session, 'SIGKILL');
    await waitFor(() => existsSync(witness));
    expect(await failure(run(connection, 'true'))).toMatchObject({ code: 'lost' });
  });

  test('more than MaxSessions at once', async () => {
    const connection = await reach('a', options());
    const results = await Promise.all(
      Array.from({ length: 25 }, (_, index) => run(connection, `sleep 0.02; echo ${index}`)),
    );
    expect(results.map(({ stdout }) => printed(stdout).trim())).toEqual(
      results.map((_, index) => String(index)),
    );
  });

  test('a host that allows two sessions only', async () => {
    const narrow = await lab.start('narrow', ['MaxSessions 2']);
    const known = lab.write('known_narrow', lab.knownHost('narrow', narrow));
    const config = ['Host narrow', `Port ${narrow}`, `UserKnownHostsFile ${known}`];
    const connection = await reach('narrow', options({ config }));
    await connection.run(program('true', ':'), { endMarker: marker, hold: true });
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, index) => run(connection, `sleep 0.02; echo ${index}`)),
    );
    expect(results.every(({ code }) => code === 0)).toBe(true);
  });

  test('shells that wait make room for another user where the host allows two sessions only', async () => {
    const narrow = await lab.start('narrow-shared', ['MaxSessions 2']);
    const known = lab.write('known_narrow_shared', lab.knownHost('narrow-shared', narrow));
    const config = ['Host narrow-shared', `Port ${narrow}`, `UserKnownHostsFile ${known}`];
    const connection = await reach('narrow-shared', options({ config }));
    await connection.run(program('true', ':'), { endMarker: marker, hold: true });
    const shared = { endMarker: marker, shared: true };
    const pair = await Promise.all(
      [1, 2].map((n) => connection.run(program(`sleep 0.1; echo ${n}`, ':'), shared)),
    );
    expect(pair.map(({ stdout }) => printed(stdout).trim())).toEqual(['1', '2']);
    expect(printed((await run(connection, 'echo alone')).stdout)).toBe('alone\n');
    expect(printed((await connection.run(program('echo last', ':'), shared)).stdout)).toBe('last\n');
  });

  test('cut off: nothing of it goes on', async () => {
    const connection = await reach('a', options());
    const stop = new AbortController();
    const seen = lab.path('pids');
    const running = run(connection, `sleep 30 & echo $$ $! >${seen}.new; mv ${seen}.new ${seen}; wait`, {
      signal: stop.signal,
    });
    await waitFor(() => existsSync(seen));
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    expect((await run(connection, 'echo still here')).code).toBe(0);
    await connection.close();
    for (const pid of readFileSync(seen, 'utf8').trim().split(' '))
      await waitFor(() => !isAlive(Number(pid)));
  });

  test('an output limit', async () => {
    const connection = await reach('a', options());
    await expect(run(connection, 'yes', { maxBytes: 500_000 })).rejects.toMatchObject({
      code: 'output-limit',
    });
    expect((await run(connection, 'echo still here')).code).toBe(0);
  });
});

describe('ProxyJump', () => {
  const behind = (jump: string) => ['Host target', `Port ${portB}`, `ProxyJump ${jump}`];

  test('over one host; its connection is not counted', async () => {
    const connection = await reach('target', options({ config: behind('a') }));
    expect(await seenPort(connection)).toBe(portB);
    expect(connection.counts).toEqual({ connections: 1, execs: 1 });
  });

  test('over a chain with user and port', async () => {
    const c = await lab.start('c');
    const known = lab.write(
      'known_c',
      lab.knownHost('a', port) + lab.knownHost('b', portB) + lab.knownHost('c', c),
    );
    const config = [
      'Host deep',
      `Port ${c}`,
      `ProxyJump a,${lab.user}@127.0.0.1:${portB}`,
      'Host *',
      `UserKnownHostsFile ${known}`,
    ];
    expect(await seenPort(await reach('deep', options({ config })))).toBe(c);
  });

  test('a jump host is connected once for many targets, and let go after the last', async () => {
    const shared = options({ config: behind('a') });
    const children = () =>
      Number(
        execFileSync('ps', ['--no-headers', '-o', 'pid', '--ppid', String(lab.pid('a'))], {
          encoding: 'utf8',
        })
          .trim()
          .split('\n')
          .filter((line) => line !== '').length,
      );
    await waitFor(() => {
      try {
        return children() === 0;
      } catch {
        return true;
      }
    });
    const targets = await Promise.all(Array.from({ length: 12 }, () => reach('target', shared)));
    expect(await Promise.all(targets.map(seenPort))).toEqual(targets.map(() => portB));
    expect(children()).toBe(1);
    await Promise.all(targets.slice(1).map((target) => target.close()));
    expect(await seenPort(targets[0] as Connection)).toBe(portB);
    await targets[0]?.close();
    await waitFor(() => {
      try {
        return children() === 0;
      } catch {
        return true;
      }
    });
    expect(await seenPort(await reach('target', shared))).toBe(portB);
  });

  test('the key of a jump host is checked too', async () => {
    const wrong = lab.write('known_wrong', lab.knownHost('b', port) + lab.knownHost('b', portB));
    const config = [...behind('a'), 'Host *', `UserKnownHostsFile ${wrong}`];
    expect(await failure(reach('target', options({ config })))).toMatchObject({
      code: 'changed-host-key',
      message: expect.stringMatching(
        /^jump host a: the host key of \[127\.0\.0\.1\]:\d+ is not the one at \S+known_wrong:1/,
      ),
    });
  });

  test('a target that the jump host cannot reach', async () => {
    const config = ['Host gone', 'Port 1', 'ProxyJump a'];
    expect(await failure(reach('gone', options({ config })))).toMatchObject({
      code: 'connect',
      message: expect.stringMatching(/^jump host a cannot reach 127\.0\.0\.1:1: .*refused/),
    });
  });

  test('a jump host that forbids forwarding', async () => {
    const closed = await lab.start('closed', ['AllowTcpForwarding no']);
    const known = lab.write('known_closed', lab.knownHost('closed', closed) + lab.knownHost('b', portB));
    const config = [
      ...behind('closed'),
      'Host closed',
      `Port ${closed}`,
      'Host *',
      `UserKnownHostsFile ${known}`,
    ];
    expect(await failure(reach('target', options({ config })))).toMatchObject({
      code: 'connect',
      hint: expect.stringMatching(/AllowTcpForwarding/),
    });
  });

  test('a circle', async () => {
    const config = ['Host *', 'ProxyJump a'];
    expect(await failure(reach('b', options({ config })))).toMatchObject({
      code: 'connect',
      message: expect.stringMatching(/leads in a circle over a$/),
      hint: expect.stringMatching(/ProxyJump none/),
    });
  });
});

test('40 hosts at once', async () => {
  const shared = options();
  const all = await Promise.all(Array.from({ length: 40 }, () => reach('a', shared)));
  expect(await Promise.all(all.map(seenPort))).toEqual(all.map(() => port));
});

test('paths in ssh_config are expanded as ssh does it', async () => {
  const base = `${lab.folder}/tokens`;
  const written = `${base}-%%-%h-%n-%p-%r-%u-%L-%l-%k-%i`;
  const shared = options({
    keys: [],
    config: ['Host tok', `Port ${port}`, 'IdentitiesOnly yes', `IdentityFile ${written}`],
  });
  const config = shared.sshConfigFile ?? '';
  let log = '';
  try {
    execFileSync('ssh', ['-v', '-o', 'BatchMode=yes', '-F', config, 'tok', 'true'], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    log = String((error as { stderr: unknown }).stderr);
  }
  const expected = new RegExp(`identity file (${base}-\\S+)`).exec(log)?.[1];
  const { resolveSshConfig } = await import('../../../src/transport/ssh-config/ssh-config.ts');
  expect(resolveSshConfig({ alias: 'tok' }, config).identityFiles).toContain(expected);
});

test('a key file that others may read is refused by ssh as by us', async () => {
  const open = lab.key('wide-open');
  chmodSync(open, 0o644);
  lab.authorise('wide-open');
  expect(await failure(reach('a', options({ keys: ['wide-open'] })))).toMatchObject({
    code: 'authentication',
  });
});
