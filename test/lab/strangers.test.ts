import { createPrivateKey, randomBytes } from 'node:crypto';
import { copyFile, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authority } from '../helpers/lab/authority.ts';
import { HomeLabProject, ownCertificate, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { mustRun } from '../helpers/lab/process.ts';
import type { Attempt, Outcome } from '../helpers/lab/stranger.ts';

const acmeLike = join(import.meta.dirname, 'acme-like');
const stranger = join(import.meta.dirname, '../helpers/lab/stranger.ts');
const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const times = 60;

// A permitted client has the name h2: what these lack is never the name.
describe('who is no client stores nothing', () => {
  let lab: Lab;
  let project: HomeLabProject;

  /** An authority that signs with a key of our choice, and an openssl that asks no questions. */
  async function signer(name: string, certificate: string, key: string): Promise<Authority> {
    const authority = await Authority.create(join(project.folder, name));
    await copyFile(certificate, join(authority.folder, 'intermediate.pem'));
    await copyFile(key, join(authority.folder, 'intermediate.key'));
    return authority;
  }

  beforeAll(async () => {
    lab = await Lab.up(3, 'bookworm', 'strangers');
    project = await HomeLabProject.open(lab);
    const { code, stdout, stderr } = await project.run('apply', '-q');
    expect(code, stdout + stderr).toBe(0);
    const out = (name: string) => join(project.folder, name);
    await mustRun(acmeLike, ['self-signed', out('self-signed'), 'h2']);
    await project.authority.issue(out('server-only'), ['h2']);
    await project.authority.issue(out('foreign'), ['h2'], '--client');
    // Even the clients' own CA must not let these in.
    const own = await signer('own', join(project.ca, 'ca.pem'), join(project.ca, 'ca-key.pem'));
    await own.issue(out('expired'), ['h2'], '--client', '--expired');
    await own.issue(out('own-server-only'), ['h2']);
    const subject = await mustRun('openssl', [
      'x509',
      '-in',
      join(project.ca, 'ca.pem'),
      '-noout',
      '-subject',
      '-nameopt',
      'compat',
    ]);
    await mustRun('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '30',
      '-subj',
      subject.replace(/^subject=/, '').trim(),
      '-keyout',
      out('twin.key'),
      '-out',
      out('twin.pem'),
    ]);
    const twin = await signer('twin', out('twin.pem'), out('twin.key'));
    await twin.issue(out('look-alike'), ['h2'], '--client');
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  async function attempt(tls: Attempt['tls'], line: string): Promise<Outcome> {
    const what: Attempt = { host: serverName, port: 6514, times, line, ...(tls && { tls }) };
    const { stdout, stderr } = await lab.ctl([process.execPath, stranger, JSON.stringify(what)]);
    expect(stdout, stderr).not.toBe('');
    return JSON.parse(stdout) as Outcome;
  }

  /** What the log server holds with that text, once it has dealt with all that came before. */
  async function stored(text: string): Promise<string> {
    expect(await project.delivers('h2', `behind ${text}`)).toBe(true);
    const { stdout } = await lab.exec('h1', `grep -raF -e '${text}-' /var/log /var/spool /run/log`);
    return stdout;
  }

  const marker = (): string => `stranger-${randomBytes(6).toString('hex')}`;

  const pair = (name: string) => ({
    certificate: join(project.folder, name, 'fullchain.pem'),
    key: join(project.folder, name, 'privkey.pem'),
  });

  test.each(versions)('the control: with the certificate of h2 every line is stored, %s', async (version) => {
    const [certificate, key] = await Promise.all(
      ['fullchain.pem', 'privkey.pem'].map(async (name) =>
        project.write(`h2-${name}`, await lab.sh('h2', `cat ${ownCertificate}/${name}`)),
      ),
    );
    const line = marker();
    const { written } = await attempt({ version, certificate: certificate ?? '', key: key ?? '' }, line);
    expect(written).toBe(times);
    expect((await stored(line)).trim().split('\n')).toHaveLength(times);
  });

  test('plaintext to the TLS port', async () => {
    const line = marker();
    expect((await attempt(undefined, line)).written).toBe(times);
    expect(await stored(line)).toBe('');
  });

  describe.each(versions)('%s', (version) => {
    test('without a certificate', async () => {
      const line = marker();
      await attempt({ version }, line);
      expect(await stored(line)).toBe('');
    });

    test.each([
      ['a self-signed certificate', 'self-signed'],
      ['a server certificate from a public authority', 'server-only'],
      ['a client certificate from a public authority', 'foreign'],
      ['a client certificate from a CA with the same name', 'look-alike'],
      ['an expired certificate from the right CA', 'expired'],
      ['a server certificate from the right CA', 'own-server-only'],
    ])('with %s', async (_what, name) => {
      const line = marker();
      const { written, ends } = await attempt({ version, ...pair(name) }, line);
      // In TLS 1.3 a client believes that it has sent; in 1.2 it knows better.
      expect(written).toBe(version === 'TLSv1.3' ? times : 0);
      expect(ends['still open'] ?? 0).toBe(0);
      expect(await stored(line)).toBe('');
    });
  });

  test('nobody else got a place on the server', async () => {
    expect(await lab.sh('h1', 'ls /var/log/remote')).toBe('h2\nh3\n');
  });

  test('a foreign client with a valid certificate cannot be: the key of the CA is on the control node alone', async () => {
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    expect(await mode(project.ca)).toBe('700');
    expect((await readdir(project.ca)).sort()).toEqual([
      '.gitignore',
      'ca-key.pem',
      'ca.pem',
      'issued.jsonl',
      'locks',
    ]);
    expect(await mode(join(project.ca, 'ca-key.pem'))).toBe('600');
    const pem = await readFile(join(project.ca, 'ca-key.pem'), 'utf8');
    for (const host of ['h1', 'h2', 'h3']) {
      expect(await filesWith(host, pem)).toEqual([]);
      // the same search finds what is there
      const own = await lab.sh(host, `cat ${ownCertificate}/privkey.pem`);
      const where = await lab.sh(host, `readlink -f ${ownCertificate}/privkey.pem`);
      expect(await filesWith(host, own)).toContain(where.trim());
    }
  });

  /** All files of a host that hold a private key, as PEM or as bare bytes. */
  async function filesWith(host: string, pem: string): Promise<string[]> {
    const { d } = createPrivateKey(pem).export({ format: 'jwk' });
    const bytes = [...Buffer.from(d ?? '', 'base64url')].map(
      (byte) => `\\x${byte.toString(16).padStart(2, '0')}`,
    );
    expect(bytes).toHaveLength(32);
    const lines = pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    const search = `cd / && for place in * run/*; do case $place in proc|sys|dev|run) continue ;; esac
      LC_ALL=C grep -rlaF -D skip -e "$1" -- "/$place"; LC_ALL=C grep -rlaP -D skip -e "$2" -- "/$place"; done; true`;
    const files = await lab.sh(host, `set -- '${lines[1]}' '${bytes.join('')}'; ${search}`);
    return [...new Set(files.split('\n').filter(Boolean))];
  }
});
