import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const sshd = '/usr/sbin/sshd';

/** A port that nothing listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A folder with keys and a config, and real sshds on loopback ports. */
export class SshdLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'provision-sshd-'));
  readonly user = userInfo().username;
  readonly #servers = new Map<string, ChildProcess>();
  readonly #agents: number[] = [];

  constructor() {
    if (!existsSync(sshd)) throw new Error(`${sshd} is missing: install openssh-server, these tests need it`);
    // Where sshd run by root wants to lock itself in.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
    this.key('client');
    this.authorise('client');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text, { mode: 0o600 });
    return this.path(name);
  }

  /** Makes a key pair and gives the private half's path. */
  key(name: string, type = 'ed25519', passphrase = '', ...more: string[]): string {
    execFileSync('ssh-keygen', [
      '-q',
      '-t',
      type,
      '-N',
      passphrase,
      '-C',
      name,
      '-f',
      this.path(name),
      ...more,
    ]);
    return this.path(name);
  }

  /** Lets these keys in, and no others. */
  authorise(...names: string[]): void {
    const keys = names.map((name) => readFileSync(this.path(`${name}.pub`), 'utf8'));
    this.write('authorized_keys', keys.join(''));
  }

  /** Starts an sshd with its own host key; gives its port. */
  async start(name: string, more: readonly string[] = [], keyType = 'ed25519'): Promise<number> {
    const port = await freePort();
    if (!existsSync(this.path(`host_${name}`))) this.key(`host_${name}`, keyType);
    const config = [
      // The first value wins.
      ...more,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${this.path(`host_${name}`)}`,
      `AuthorizedKeysFile ${this.path('authorized_keys')}`,
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      'MaxStartups 300',
      // Not the startup files of whoever runs the tests.
      `SetEnv HOME=${this.folder}`,
    ];
    const file = this.write(`sshd_config_${name}`, `${config.join('\n')}\n`);
    const child = spawn(sshd, ['-D', '-e', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#servers.set(name, child);
    let log = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    for (let attempt = 0; attempt < 200; attempt++) {
      if (await answers(port)) return port;
      if (child.exitCode !== null) break;
      await sleep(25);
    }
    throw new Error(`sshd did not start: ${log}`);
  }

  /** Process id of a started sshd. */
  pid(name: string): number {
    const pid = this.#servers.get(name)?.pid;
    if (pid === undefined) throw new Error(`no sshd ${name} was started`);
    return pid;
  }

  /** The known_hosts line of a started sshd. */
  knownHost(name: string, port: number, host = '127.0.0.1'): string {
    const [type, key] = readFileSync(this.path(`host_${name}.pub`), 'utf8').split(' ');
    return `[${host}]:${port} ${type} ${key}\n`;
  }

  /** Starts an ssh-agent that holds these keys; gives its socket. */
  agent(...keys: string[]): string {
    const socket = this.path(`agent-${this.#agents.length}`);
    const said = execFileSync('ssh-agent', ['-s', '-a', socket], { encoding: 'utf8' });
    this.#agents.push(Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]));
    for (const key of keys) {
      execFileSync('ssh-add', ['-q', this.path(key)], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    }
    return socket;
  }

  /** Ends what was started here, and nothing else. */
  async stop(): Promise<void> {
    for (const pid of this.#agents) process.kill(pid);
    const servers = [...this.#servers.values()];
    const ends = servers.map(
      (child) => child.exitCode ?? new Promise((resolve) => child.once('exit', resolve)),
    );
    for (const child of servers) child.kill();
    await Promise.all(ends);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
