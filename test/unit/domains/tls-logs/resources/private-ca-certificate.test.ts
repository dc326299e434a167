import { X509Certificate } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storeAuthority } from '../../../../../src/domains/tls-logs/private-ca/authority-storing.ts';
import { makeAuthority } from '../../../../../src/domains/tls-logs/private-ca/new-authority.ts';
import type { CertificateStore } from '../../../../../src/domains/tls-logs/resources/files/certificate-store.ts';
import { privateCaCertificate } from '../../../../../src/domains/tls-logs/resources/private-ca-certificate.ts';
import { scratch, treeOf } from '../../../../helpers/resources/file-tree.ts';
import { hostileWords, shells } from '../../../../helpers/shell/shells.ts';
import { CertificateHost } from '../../../../helpers/tls-logs/certificate-host.ts';
import { clockOff } from '../../../../helpers/tls-logs/false-clock.ts';

const fresh = scratch();
const machine = new CertificateHost();

function args(directory: string, more: object = {}) {
  return { dest: join(directory, 'own'), ca: join(directory, 'ca'), names: ['h2'], ...more };
}
const versions = (directory: string) =>
  readdirSync(join(directory, 'own')).filter((name) => /^\d/.test(name));
const current = (directory: string, file: string) => join(directory, 'own/current', file);
const leaf = (directory: string) => new X509Certificate(readFileSync(current(directory, 'fullchain.pem')));

async function issued(more: object = {}): Promise<string> {
  const directory = fresh();
  const done = await machine.apply(privateCaCertificate, args(directory, more));
  expect(done.outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
  return directory;
}

describe.each(shells.map((shell) => ({ shell })))(
  'private_ca_certificate on a host whose sh is $shell',
  ({ shell }) => {
    it('makes a key on the host, gets it certified, and converges', async () => {
      const host = new CertificateHost(shell);
      // Quoting is the same in every shell: one shell gets every word.
      for (const word of shell[0] === 'sh' ? hostileWords : hostileWords.slice(0, 3)) {
        const directory = join(fresh(), word);
        mkdirSync(directory);
        const before = treeOf(directory);
        const plan = await host.plan(privateCaCertificate, args(directory));
        expect(plan.changes).toEqual([
          {
            attribute: 'certificate',
            from: 'absent',
            to: 'h2, 90 days, from the private CA (the private CA is made, too)',
          },
        ]);
        expect(treeOf(directory)).toEqual(before);

        const done = await host.apply(privateCaCertificate, args(directory));
        expect(done.outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
        expect(JSON.stringify(done)).not.toContain('PRIVATE KEY');
        expect(done.result.fingerprints_sha256).toEqual([`SHA256:${leaf(directory).fingerprint256}`]);
        expect(statSync(current(directory, 'privkey.pem')).mode & 0o777).toBe(0o600);
        expect(statSync(current(directory, 'fullchain.pem')).mode & 0o777).toBe(0o644);
        expect(readdirSync(join(directory, 'own')).toSorted()).toEqual([...versions(directory), 'current']);

        const reached = treeOf(directory);
        expect((await host.apply(privateCaCertificate, args(directory))).changes).toEqual([]);
        expect(treeOf(directory)).toEqual(reached);
      }
    });
  },
);

describe('private_ca_certificate', () => {
  it.each([
    ['other names', { names: ['h2', 'h2.lab'] }, 'the old one is for h2'],
    ['a server too', { server: true }, 'the old one is for another purpose'],
  ])('issues anew when %s', async (_what, more, reason) => {
    const directory = await issued();
    const { changes } = await machine.apply(privateCaCertificate, args(directory, more));
    expect(changes.map(({ attribute }) => attribute)).toEqual(['certificate']);
    expect(changes[0]?.from).toContain('h2, until ');
    expect(changes[0]?.to).toContain(`(${reason})`);
  });

  it.each([
    [undefined, 59, undefined],
    [undefined, 61, 'the old one has 28 days left'],
    [10, 61, undefined],
    [10, 81, 'the old one has 8 days left'],
    [undefined, 91, 'the old one expired'],
  ])('with renew_days %s and %i days later: %s', async (renewDays, later, reason) => {
    const directory = await issued();
    const wish = args(directory, renewDays === undefined ? {} : { renew_days: renewDays });
    const { args: want, have } = await machine.plan(privateCaCertificate, wish);
    const store = have as CertificateStore;
    // An hour more than whole days: certificates end on a full second.
    const now = new Date(store.now.getTime() + later * 86_400_000 + 3_600_000);
    const changes = privateCaCertificate.diff(want as never, { ...store, now });
    expect(changes.length).toBe(reason ? 1 : 0);
    if (reason) expect(changes[0]?.to).toContain(reason);
  });

  it.each([
    ['behind', clockOff('2 hours ago'), 'not be valid there yet'],
    ['ahead of', clockOff('70 days'), 'be due for renewal at once'],
  ])('refuses while the clock is %s ours', async (off, clock, effect) => {
    const host = new CertificateHost(undefined, clock);
    const { refused } = await host.plan(privateCaCertificate, args(fresh()));
    expect(refused).toEqual([
      expect.stringMatching(`the host's clock is .* ${off} this machine's .*would ${effect}`),
    ]);
  });

  it('refuses to renew in every run', async () => {
    const { refused } = await machine.plan(privateCaCertificate, args(fresh(), { renew_days: 90 }));
    expect(refused).toEqual(['renew_days (90) must be less than days (90): every run would renew']);
  });

  it.each([
    ['the CA is another', (d: string) => rmSync(join(d, 'ca'), { recursive: true }), 'from another CA'],
    [
      'the key is another',
      (d: string) => copyFileSync(join(d, 'ca/ca-key.pem'), current(d, 'privkey.pem')),
      'does not fit',
    ],
    ['the key is gone', (d: string) => rmSync(current(d, 'privkey.pem')), 'does not fit'],
    ['the certificate is damaged', (d: string) => writeFileSync(current(d, 'fullchain.pem'), 'x'), 'damaged'],
  ])('issues anew when %s', async (_what, spoil, reason) => {
    const directory = await issued();
    spoil(directory);
    const { changes, outputs } = await machine.apply(privateCaCertificate, args(directory));
    expect(changes[0]?.to).toContain(reason);
    expect(outputs.map(({ code }) => code)).toEqual([0]);
    expect((await machine.plan(privateCaCertificate, args(directory))).changes).toEqual([]);
  });

  it('does not issue for ever when the CA ends before the wanted days', async () => {
    const directory = fresh();
    const nineYearsAgo = new Date(Date.now() - 3500 * 86_400_000);
    await storeAuthority(join(directory, 'ca'), await makeAuthority(nineYearsAgo));
    const wish = args(directory, { days: 365, renew_days: 300 });
    await machine.apply(privateCaCertificate, wish);
    expect(leaf(directory).validToDate.getTime() - Date.now()).toBeLessThan(160 * 86_400_000);
    expect((await machine.plan(privateCaCertificate, wish)).changes).toEqual([]);
  });

  it('keeps the version before, so that it can be put back, and no older one', async () => {
    const directory = await issued();
    const [first] = versions(directory);
    await machine.apply(privateCaCertificate, args(directory, { names: ['h3'] }));
    const second = readlinkSync(join(directory, 'own/current'));
    expect(versions(directory).toSorted()).toEqual([first, second].toSorted());
    await machine.apply(privateCaCertificate, args(directory, { names: ['h4'] }));
    expect(versions(directory).toSorted()).toEqual(
      [second, readlinkSync(join(directory, 'own/current'))].toSorted(),
    );
  });

  it('shows peers the certificate in use and the next one, and not the one before', async () => {
    const directory = await issued();
    const old = readlinkSync(join(directory, 'own/current'));
    const before = leaf(directory).fingerprint;
    const next = args(directory, { names: ['h2', 'h2.lab'] });
    const { result } = await machine.apply(privateCaCertificate, { ...next, activate: false });
    expect(readlinkSync(join(directory, 'own/current'))).toBe(old);
    expect(result.fingerprints_sha1).toHaveLength(2);
    expect((await machine.plan(privateCaCertificate, { ...next, activate: false })).changes).toEqual([]);
    const { changes, result: used } = await machine.apply(privateCaCertificate, next);
    expect(changes).toEqual([
      { attribute: 'version in use', from: old, to: readlinkSync(join(directory, 'own/current')) },
    ]);
    const now = `SHA1:${leaf(directory).fingerprint}`;
    expect(used.fingerprints_sha1).toEqual([now]);
    // Applied or only looked at, it is the same; the version before is there still, for a rollback.
    expect(versions(directory)).toContain(old);
    expect((await machine.apply(privateCaCertificate, next)).result.fingerprints_sha1).toEqual([now]);
    rmSync(join(directory, 'own/current'));
    symlinkSync(old, join(directory, 'own/current'));
    const back = await machine.apply(privateCaCertificate, { ...next, activate: false });
    expect(back.result.fingerprints_sha1).toEqual([`SHA1:${before}`, now]);
  });

  it('gives the key to the group of the user that the daemon drops to, and takes it back', async () => {
    const directory = await issued();
    const { execFileSync } = await import('node:child_process');
    const group = execFileSync('id', ['-gn', 'nobody'], { encoding: 'utf8' }).trim();
    const dropped = args(directory, { user_command: 'echo nobody' });
    const { changes } = await machine.apply(privateCaCertificate, dropped);
    expect(changes).toEqual([{ attribute: 'key ownership', from: 'root:root 600', to: `root:${group} 640` }]);
    expect((await machine.plan(privateCaCertificate, dropped)).changes).toEqual([]);
    const back = await machine.apply(privateCaCertificate, args(directory, { user_command: 'true' }));
    expect(back.changes.map(({ to }) => to)).toEqual(['root:root 600']);
  });

  it('narrows rights that somebody widened', async () => {
    const directory = await issued();
    chmodSync(current(directory, 'privkey.pem'), 0o644);
    const { changes } = await machine.apply(privateCaCertificate, args(directory));
    expect(changes).toEqual([{ attribute: 'key ownership', from: 'root:root 644', to: 'root:root 600' }]);
    expect(statSync(current(directory, 'privkey.pem')).mode & 0o777).toBe(0o600);
  });

  it('refuses a user that the host does not have', async () => {
    const { refused } = await machine.plan(
      privateCaCertificate,
      args(fresh(), { user_command: 'echo no-such-user' }),
    );
    expect(refused).toEqual(["the host has no user 'no-such-user', which user_command printed"]);
  });

  it('says what openssl said when no key can be made', async () => {
    const broken = new CertificateHost(undefined, 'openssl() { echo "no entropy today" >&2; return 1; }');
    const { outputs } = await broken.apply(privateCaCertificate, args(fresh()));
    expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[1, 'no entropy today\n']]);
  });
});
