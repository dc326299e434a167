import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificates } from '../../../src/certs/certificate.ts';
import { tlsListener } from '../../../src/resources/tls-listener.ts';
import { putPrelude } from '../../../src/shell/put.ts';
import { OpensslAuthority } from '../certs/openssl-authority.ts';
import { scratch } from './file-tree.ts';
import { ShellHost } from './shell-host.ts';

const made = new OpensslAuthority();
const fresh = scratch();
const running: ChildProcess[] = [];
const plain: Server[] = [];

beforeAll(() => {
  made.root('one', 'subjectAltName=DNS:log.example.com');
  made.root('two', 'subjectAltName=DNS:log.example.com');
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill();
  for (const server of plain.splice(0)) server.close();
});
afterAll(() => made.remove());

const print = (name: string) => parseCertificates(made.pem(name))[0]?.fingerprint256 ?? '';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

const serve = (port: number, name: string) =>
  [
    's_server',
    '-quiet',
    '-accept',
    `127.0.0.1:${port}`,
    '-cert',
    `${name}.pem`,
    '-key',
    `${name}.key`,
  ] as const;

async function listening(port: number, name: string): Promise<void> {
  const child = spawn('openssl', serve(port, name), { cwd: made.directory, stdio: 'ignore' });
  running.push(child);
  for (let tries = 0; tries < 100; tries++) {
    const output = await new ShellHost().run(
      `openssl s_client -connect 127.0.0.1:${port} </dev/null >/dev/null 2>&1`,
    );
    if (output.code === 0) return;
  }
  throw new Error('s_server does not listen');
}

// systemctl of a host whose service is in this state; a restart runs the given script.
function host(state: 'active' | 'inactive' | 'absent', restart = ':'): ShellHost {
  const functions = `systemctl() { case $1 in
cat) ${state === 'absent' ? 'return 1' : ':'} ;;
is-active) ${state === 'active' ? ':' : 'return 3'} ;;
restart) ${restart} ;;
esac; }
journalctl() { echo 'rsyslogd: Could not create tcp listener, ignoring port'; echo 'something else'; }`;
  return new ShellHost(undefined, {}, `${putPrelude}\n${functions}`);
}

function deploy(name: string): string {
  const path = join(fresh(), 'fullchain.pem');
  copyFileSync(join(made.directory, `${name}.pem`), path);
  return path;
}

describe('tls_listener', () => {
  it('is content when the port serves the deployed certificate', async () => {
    const port = await freePort();
    await listening(port, 'one');
    const { changes } = await host('active').plan(tlsListener, {
      port,
      certificate: deploy('one'),
      service: 'x',
    });
    expect(changes).toEqual([]);
  });

  it.each([
    ['absent', 'no such service'],
    ['inactive', 'service not running'],
    ['active', 'nothing listens'],
  ] as const)('with the service %s it plans a change and refuses nothing: %s', async (state, from) => {
    const port = await freePort();
    const wish = { port, certificate: deploy('one'), service: 'x' };
    const { refused, changes } = await host(state).plan(tlsListener, wish);
    expect(refused).toEqual([]);
    expect(changes).toEqual([{ attribute: `port ${port}`, from, to: `certificate ${print('one')}` }]);
  });

  it('plans TLS with a certificate that is not deployed yet', async () => {
    const certificate = join(fresh(), 'none.pem');
    const { changes } = await host('absent').plan(tlsListener, { port: 6514, certificate, service: 'x' });
    expect(changes).toEqual([
      { attribute: 'port 6514', from: 'no such service', to: `TLS with ${certificate}` },
    ]);
  });

  it('sees plain text and another certificate', async () => {
    const server = createServer((socket) => socket.end('hello\n'));
    plain.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const wish = {
      port: typeof address === 'object' && address ? address.port : 0,
      certificate: deploy('one'),
      service: 'x',
    };
    expect((await host('active').plan(tlsListener, wish)).changes[0]?.from).toBe('no TLS');
    const port = await freePort();
    await listening(port, 'two');
    const { changes } = await host('active').plan(tlsListener, { ...wish, port });
    expect(changes[0]?.from).toBe(`certificate ${print('two')}`);
  });

  it('makes up for a missed restart and waits until the port serves the deployed certificate', async () => {
    const port = await freePort();
    const directory = fresh();
    mkdirSync(join(directory, 'run'));
    const [command, ...words] = serve(port, 'one');
    const start = `cd ${made.directory} && { sleep 0.5; exec openssl ${command} ${words.join(' ')}; } >/dev/null 2>&1 & echo $! >${directory}/run/pid`;
    const wish = { port, certificate: deploy('one'), service: 'x' };
    const done = await host('active', start).apply(tlsListener, wish);
    try {
      expect(done.outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
      expect((await host('active').plan(tlsListener, wish)).changes).toEqual([]);
    } finally {
      await new ShellHost().run(`kill $(cat ${directory}/run/pid)`);
    }
  });

  it('fails with the telling lines of the journal when the restart does not help', async () => {
    const wish = { port: await freePort(), certificate: deploy('one'), service: 'x', timeout: 1 };
    const { outputs } = await host('active').apply(tlsListener, wish);
    expect(outputs[0]?.code).toBe(1);
    expect(outputs[0]?.stderr).toBe(
      `nothing listens on port ${wish.port}\nrsyslogd: Could not create tcp listener, ignoring port\n`,
    );
    writeFileSync(wish.certificate, 'x');
    expect((await host('active').apply(tlsListener, wish)).outputs[0]?.stderr).toContain(
      'there is no certificate',
    );
  });
});
