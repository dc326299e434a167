import { mkdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployedCertificate } from '../../../../../src/domains/tls-logs/resources/deployed-certificate.ts';
import { scratch, treeOf } from '../../../../helpers/resources/file-tree.ts';
import { hostileWords, shells } from '../../../../helpers/shell/shells.ts';
import { CertificateHost } from '../../../../helpers/tls-logs/certificate-host.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
const fresh = scratch();
const machine = new CertificateHost();
const ca = 'basicConstraints=critical,CA:true';
const server = 'extendedKeyUsage=serverAuth;subjectAltName=DNS:log.example.com';

beforeAll(() => {
  made.root('root', ca);
  made.issue('one', 'root', server);
  made.issue('two', 'root', server);
});
afterAll(() => made.remove());

// As certbot leaves it: links in live/ that name the newest files of archive/.
function certbot(directory: string, name: 'one' | 'two', key = name): void {
  mkdirSync(join(directory, 'archive'), { recursive: true });
  mkdirSync(join(directory, 'live'), { recursive: true });
  for (const [file, text] of [
    ['fullchain', made.pem(name, 'root')],
    ['privkey', readFileSync(join(made.directory, `${key}.key`), 'utf8')],
  ] as const) {
    writeFileSync(join(directory, 'archive', `${file}-${name}.pem`), text, { mode: 0o600 });
    rmSync(join(directory, 'live', `${file}.pem`), { force: true });
    symlinkSync(`../archive/${file}-${name}.pem`, join(directory, 'live', `${file}.pem`));
  }
}

const args = (directory: string) => ({
  dest: join(directory, 'own'),
  certificate: join(directory, 'live/fullchain.pem'),
  key: join(directory, 'live/privkey.pem'),
});
const text = (directory: string, path: string) => readFileSync(join(directory, path), 'utf8');

describe.each(shells.map((shell) => ({ shell })))(
  'deployed_certificate on a host whose sh is $shell',
  ({ shell }) => {
    it('copies the pair, follows a renewal, and converges after each', async () => {
      const host = new CertificateHost(shell);
      for (const word of hostileWords.slice(0, 3)) {
        const directory = join(fresh(), word);
        for (const name of ['one', 'two'] as const) {
          certbot(directory, name);
          const before = treeOf(directory);
          const plan = await host.plan(deployedCertificate, args(directory));
          expect(plan.changes.map(({ attribute }) => attribute)).toEqual(['certificate']);
          expect(treeOf(directory)).toEqual(before);
          const done = await host.apply(deployedCertificate, args(directory));
          expect(done.outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
          expect(JSON.stringify(done)).not.toContain('PRIVATE KEY');
          expect(text(directory, 'own/current/fullchain.pem')).toBe(made.pem(name, 'root'));
          expect(text(directory, 'own/current/privkey.pem')).toBe(text(directory, 'live/privkey.pem'));
          expect(statSync(join(directory, 'own/current/privkey.pem')).mode & 0o777).toBe(0o600);
          const reached = treeOf(directory);
          expect((await host.apply(deployedCertificate, args(directory))).changes).toEqual([]);
          expect(treeOf(directory)).toEqual(reached);
        }
      }
    });
  },
);

describe('deployed_certificate', () => {
  it('names what is deployed and what replaces it', async () => {
    const directory = fresh();
    certbot(directory, 'one');
    const [first] = (await machine.apply(deployedCertificate, args(directory))).changes;
    expect(first).toMatchObject({ attribute: 'certificate', from: 'absent' });
    certbot(directory, 'two');
    const [change] = (await machine.plan(deployedCertificate, args(directory))).changes;
    expect(change?.from).toBe(first?.to);
    expect(change?.to).toMatch(/^log\.example\.com, until \d{4}-\d\d-\d\d, ..:..:..:..\.\.$/);
  });

  it('puts nothing in place when key and certificate do not belong together', async () => {
    const directory = fresh();
    certbot(directory, 'one');
    await machine.apply(deployedCertificate, args(directory));
    const current = readlinkSync(join(directory, 'own/current'));
    certbot(directory, 'two', 'one');
    const { outputs } = await machine.apply(deployedCertificate, args(directory));
    expect(outputs[0]?.code).toBe(1);
    expect(outputs[0]?.stderr).toContain('key and certificate do not belong together');
    expect(readlinkSync(join(directory, 'own/current'))).toBe(current);
  });

  it('deploys again what somebody changed in place', async () => {
    const directory = fresh();
    certbot(directory, 'one');
    await machine.apply(deployedCertificate, args(directory));
    writeFileSync(join(directory, 'own/current/fullchain.pem'), made.pem('two'));
    await machine.apply(deployedCertificate, args(directory));
    expect(text(directory, 'own/current/fullchain.pem')).toBe(made.pem('one', 'root'));
  });

  it('refuses missing and empty files by name', async () => {
    const directory = fresh();
    const { certificate, key } = args(directory);
    const issued = 'has the certificate been issued?';
    expect((await machine.plan(deployedCertificate, args(directory))).refused).toEqual([
      `the host has no ${certificate}: ${issued}`,
      `the host has no ${key}: ${issued}`,
    ]);
    certbot(directory, 'one');
    writeFileSync(join(directory, 'archive/fullchain-one.pem'), 'nothing');
    expect((await machine.plan(deployedCertificate, args(directory))).refused).toEqual([
      `${certificate} holds no certificate`,
    ]);
  });
});
