import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificates } from '../../../../../src/domains/tls-logs/certificates/certificate.ts';
import { tlsListener } from '../../../../../src/domains/tls-logs/resources/tls-listener.ts';
import { putPrelude } from '../../../../../src/shell/put.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';
import { freePort, serverArguments, TlsServers } from '../../../../helpers/tls-logs/tls-servers.ts';

const made = new OpensslAuthority();
const fresh = scratch();
const servers = new TlsServers(made.directory);
const plain: Server[] = [];

beforeAll(() => {
  made.root('one', 'subjectAltName=DNS:log.example.com');
  made.root('two', 'subjectAltName=DNS:log.example.com');
});
afterEach(() => {
  servers.close();
  for (const server of plain.splice(0)) server.close();
});
afterAll(() => made.remove());

const print = (name: string) => parseCertificates(made.pem(name))[0]?.fingerprint256 ?? '';

// systemctl of a host whose service is in this state; a restart runs the given script.
function host(state: 'active' | 'inactive' | 'absent', restart = ':'): ShellHost {
  const functions = `systemctl() { case $1 in
cat) ${state === 'absent' ? 'return 1' : ':'} ;;
is-active) ${state === 'active' ? ':' : 'return 3'} ;;
restart) ${restart} ;;
show) echo ActiveState=${state} ;;
-q) return 1 ;; # is-failed
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
    await servers.listen(port, 'one');
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
    await servers.listen(port, 'two');
    const { changes } = await host('active').plan(tlsListener, { ...wish, port });
    expect(changes[0]?.from).toBe(`certificate ${print('two')}`);
  });

  it('makes up for a missed restart and waits until the port serves the deployed certificate', async () => {
    const port = await freePort();
    const directory = fresh();
    mkdirSync(join(directory, 'run'));
    const words = serverArguments(port, 'one');
    const start = `cd ${made.directory} && { sleep 0.5; exec openssl ${words.join(' ')}; } >/dev/null 2>&1 & echo $! >${directory}/run/pid`;
    const wish = { port, certificate: deploy('one'), service: 'x' };
    const done = await host('active', start).apply(tlsListener, wish);
    try {
      expect(done.outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
      expect((await host('active').plan(tlsListener, wish)).changes).toEqual([]);
    } finally {
      await new ShellHost().run(`kill $(cat ${directory}/run/pid)`);
    }
  });

  it('fails with the important lines of the journal when the restart does not help', async () => {
    const wish = { port: await freePort(), certificate: deploy('one'), service: 'x', timeout: 1 };
    const { outputs } = await host('active').apply(tlsListener, wish);
    expect(outputs[0]?.code).toBe(1);
    expect(outputs[0]?.stderr).toBe(
      `nothing listens on port ${wish.port}\nx.service: ActiveState=active\nrsyslogd: Could not create tcp listener, ignoring port\n`,
    );
    writeFileSync(wish.certificate, 'x');
    expect((await host('active').apply(tlsListener, wish)).outputs[0]?.stderr).toContain(
      'there is no certificate',
    );
  });

  it('that may not restart its service says what is wrong, with the journal', async () => {
    const wish = { port: await freePort(), certificate: deploy('one'), service: 'x', restart: false };
    const { refused } = await host('active', 'echo restarted >&2').apply(tlsListener, wish);
    expect(refused).toEqual([
      `nothing listens on port ${wish.port}\nrsyslogd: Could not create tcp listener, ignoring port\nthe service is not restarted because of \`restart: false\``,
    ]);
    await servers.listen(wish.port, 'two');
    const other = await host('active').plan(tlsListener, wish);
    expect(other.refused[0]).toContain(
      `port ${wish.port} serves another certificate than the deployed one: ${print('two')} instead of ${print('one')}\n`,
    );
    const right = { ...wish, certificate: deploy('two') };
    expect(await host('active').plan(tlsListener, right)).toMatchObject({ refused: [], changes: [] });
  });

  it('holds hosts while it restarts, and gives their connections time to end', async () => {
    const wish = { port: 6514, certificate: '/none', service: 'x', hosts: ['b'] };
    const machine = host('active');
    expect((await machine.plan(tlsListener, wish)).refused).toEqual([
      'hosts are to be held (b), but hold has no sh code',
      'hosts are to be held (b), but release has no sh code',
    ]);
    const { args, changes, have } = await machine.plan(tlsListener, { ...wish, hold: 'h', release: 'r' });
    expect(changes[1]).toEqual({ attribute: 'held meanwhile', to: 'b' });
    const [step] = tlsListener.steps(args as never, changes, have as never);
    expect(step).toMatchObject({ kind: 'held', hosts: ['b'], hold: 'h', release: 'r' });
    expect(step?.kind === 'held' && step.script).toMatch(/ss -Htn .*'sport = :6514'.*systemctl restart/s);
  });
});
