import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bases } from '../helpers/lab/bases.ts';
import { HomeLabProject, ownCertificate, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';

const clients = ['h2', 'h3'] as const;
const marker = (): string => `wire-marker-${randomBytes(6).toString('hex')}`;

// An openssl that speaks every version since TLS 1.0, with h2's own certificate.
const pair = `-cert ${ownCertificate}/fullchain.pem -key ${ownCertificate}/privkey.pem -cipher DEFAULT@SECLEVEL=0`;
const connect = (version: string, to: string): string =>
  `openssl s_client -connect ${to} ${version} ${pair} 2>&1`;

/** Adds a file to rsyslog's configuration and restarts it. */
async function configure(lab: Lab, host: string, text: string): Promise<void> {
  await lab.sh(host, 'cat >/etc/rsyslog.d/90-plain.conf; systemctl restart rsyslog', { input: text });
}

describe.each(bases('bookworm', 'trixie', 'ubuntuish'))('on the wire, %s', (base) => {
  let lab: Lab;
  let project: HomeLabProject;

  beforeAll(async () => {
    lab = await Lab.up(3, base, 'wire');
    project = await HomeLabProject.open(lab);
    const { code, stdout, stderr } = await project.run('apply', '-q');
    expect(code, stdout + stderr).toBe(0);
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  test('a line of a client cannot be read; the control: over plain TCP it can', async () => {
    const shown = await project.run('verify', '--wire');
    expect(shown).toExitWith(0);
    expect(shown.stdout).toMatch(
      /^ok {6}h2 -> h1: arrived .*\n +not readable on the wire: perl on h1 saw \d+ packets .* from 2 addresses, and read a line in the clear over loopback\nok {6}h3 -> h1: .*\n +not readable on the wire: /,
    );
    const encrypted = await lab.capture('tcp port 6514');
    const secret = clients.map(() => marker());
    for (const [n, host] of clients.entries())
      expect(await project.delivers(host, secret[n] ?? '')).toBe(true);
    const cipher = await encrypted.stop();
    for (const host of clients) {
      const packet = `[.]${host.slice(1)}[.][0-9]+ > [0-9.]+[.]6514: .* length [1-9]`;
      expect(cipher).toMatch(new RegExp(packet)); // it did listen where the lines went
    }
    for (const line of secret) expect(cipher).not.toContain(line);

    await configure(lab, 'h1', 'input(type="imtcp" port="10514" ruleset="provision_remote")\n');
    const action = `action(type="omfwd" target="${serverName}" port="10514" protocol="tcp")`;
    for (const host of clients) await configure(lab, host, `*.* ${action}\n`);
    const plain = await lab.capture('tcp port 10514');
    const open = clients.map(() => marker());
    for (const [n, host] of clients.entries()) expect(await project.delivers(host, open[n] ?? '')).toBe(true);
    // each line goes both ways, and the plain one may be the later
    const stored = async (): Promise<number> =>
      (await project.stored()).split('\n').filter((line) => open.some((one) => line.includes(one))).length;
    await expect.poll(stored, { timeout: 20_000 }).toBe(2 * open.length);
    const clear = await plain.stop();
    for (const line of open) expect(clear).toContain(line);
    const read = await project.run('verify', '--wire', '--json');
    expect(read).toExitWith(2);
    const message = expect.stringMatching(
      /could be read on the wire: from 198\.18\.0\.\d to 198\.18\.0\.1, TCP port 10514$/,
    );
    const client = {
      server: 'h1',
      arrived: true,
      tls: 'TLSv1.3',
      message,
      wire: { safe: false, control: true },
    };
    expect(JSON.parse(read.stdout)).toMatchObject({
      exitCode: 2,
      clients: clients.map((host) => ({ ...client, host })),
    });
    for (const host of ['h1', ...clients]) {
      await lab.sh(host, 'rm /etc/rsyslog.d/90-plain.conf; systemctl restart rsyslog');
    }
  });

  test.each(['-tls1_2', '-tls1_3'])('%s carries a line', async (version) => {
    const message = `<13>1 - h2 lab-test - - - ${marker()}`;
    const line = `${message.length} ${message}`;
    const session = `{ printf '%s' '${line}'; sleep 1; } | ${connect(version, `${serverName}:6514`)}`;
    const said = await lab.sh('h2', session);
    expect(said).toMatch(/New, TLSv1\.[23], Cipher is \w/);
    await expect.poll(() => project.stored('h2'), { timeout: 20_000 }).toContain(message.split(' ').at(-1));
  });

  test.each(['-tls1', '-tls1_1'])('%s is refused, though the client speaks it', async (version) => {
    const control = `openssl s_server -accept 4433 ${version} -www ${pair} >/dev/null 2>&1 & server=$!
      until ss -Hltn | grep -q :4433; do sleep 0.1; done
      ${connect(version, 'localhost:4433')} </dev/null; kill $server`;
    expect(await lab.sh('h2', control)).toMatch(/New, TLSv1\.0, Cipher is \w/);
    const { stdout } = await lab.exec('h2', `${connect(version, `${serverName}:6514`)} </dev/null`);
    expect(stdout).toMatch(/alert protocol version/);
    expect(stdout).toContain('Cipher is (NONE)');
  });
});
