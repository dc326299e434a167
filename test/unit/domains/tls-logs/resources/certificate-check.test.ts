import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateCheck } from '../../../../../src/domains/tls-logs/resources/certificate-check.ts';
import { scratch, treeOf } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../../../helpers/shell/shells.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
const fresh = scratch();

beforeAll(() => {
  made.root('root', 'basicConstraints=critical,CA:true');
  made.issue('middle', 'root', 'basicConstraints=critical,CA:true');
  made.issue('server', 'middle', 'extendedKeyUsage=serverAuth;subjectAltName=DNS:log.example.com');
  made.issue('client', 'middle', 'extendedKeyUsage=clientAuth;subjectAltName=DNS:h2');
});
afterAll(() => made.remove());

interface Row {
  readonly what: string;
  readonly chain?: readonly string[];
  readonly key?: string;
  readonly more?: object;
  readonly root?: boolean;
  readonly says: readonly RegExp[];
}

const rows: readonly Row[] = [
  { what: 'a good server certificate', says: [] },
  {
    what: 'a good client certificate',
    chain: ['client', 'middle'],
    key: 'client',
    more: { purpose: 'client', names: ['h2'] },
    says: [],
  },
  { what: 'the key of another', key: 'client', says: [/the key is not the one of the certificate/] },
  { what: 'the leaf alone', chain: ['server'], says: [/without the intermediate.*: use fullchain\.pem/] },
  {
    what: 'a server certificate as client',
    more: { purpose: 'client' },
    says: [/is for serverAuth only, but clientAuth is needed.*private CA/],
  },
  { what: 'a server certificate where nobody asks for a purpose', more: { purpose: [] }, says: [] },
  {
    what: 'another name',
    more: { names: ['logs.example.com'] },
    says: [/not for logs\.example\.com; its DNS names: log\.example\.com/],
  },
  {
    what: 'a root that did not issue it',
    root: false,
    more: { ca_fingerprint: '96BCEC06264976F37460779ACF28C5A7CFE8A3C0AAE11A8FFCEE05C0BDDF08C6' },
    says: [/does not reach the CA file/],
  },
  {
    what: 'several mistakes at once',
    chain: ['server'],
    key: 'client',
    more: { names: ['x'] },
    says: [/key is not/, /fullchain/, /not for x/],
  },
];

describe.each(shells.map((shell) => ({ shell })))('certificate_check through $shell', ({ shell }) => {
  const machine = new ShellHost(shell);
  it.each(rows)(
    '$what',
    async ({ chain = ['server', 'middle'], key = 'server', more = {}, root = true, says }) => {
      for (const word of hostileWords.slice(0, shell[0] === 'dash' ? 4 : 1)) {
        const directory = join(fresh(), word);
        mkdirSync(directory);
        const files = { certificate: join(directory, 'fullchain.pem'), key: join(directory, 'privkey.pem') };
        writeFileSync(files.certificate, made.pem(...chain));
        writeFileSync(files.key, readFileSync(join(made.directory, `${key}.key`)));
        const extra = root
          ? { source_file: { path: 'root.pem', content: Buffer.from(made.pem('root')) } }
          : {};
        const wish = {
          ...files,
          purpose: 'server',
          names: ['log.example.com'].filter(() => !('purpose' in more)),
          ...more,
        };
        const before = treeOf(directory);
        const { refused, changes, have } = await machine.plan(certificateCheck, wish, extra);
        expect(treeOf(directory)).toEqual(before);
        expect(JSON.stringify(have)).not.toContain('PRIVATE KEY');
        expect(refused).toHaveLength(says.length);
        for (const [index, pattern] of says.entries()) expect(refused[index]).toMatch(pattern);
        expect(changes).toEqual([]);
      }
    },
  );

  it.each([
    ['server', ['server']],
    ['client', ['client']],
    ['middle', ['server', 'client']],
  ])('shows what the certificate %s may be shown as', async (name, purposes) => {
    const certificate = join(made.directory, `${name}.pem`);
    const { result } = await machine.apply(certificateCheck, { certificate, purpose: [] });
    expect(result).toMatchObject({ purposes });
  });

  it('names missing files, with the way to get them', async () => {
    const wish = {
      certificate: '/etc/letsencrypt/live/no.example.com/fullchain.pem',
      purpose: 'server',
      names: ['no.example.com'],
    };
    const { refused } = await machine.plan(certificateCheck, wish);
    expect(refused).toEqual([
      `there is no certificate ${wish.certificate}; certbot puts it there: certbot certonly -d no.example.com, then run again`,
    ]);
    const directory = fresh();
    const elsewhere = {
      certificate: join(directory, 'c.pem'),
      key: join(directory, 'k.pem'),
      ca_file: join(directory, 'ca.pem'),
    };
    const more = await machine.plan(certificateCheck, { ...elsewhere, purpose: 'client' });
    expect(more.refused.map((text) => text.split(' ').slice(0, 5).join(' '))).toEqual([
      `there is no certificate ${elsewhere.certificate};`,
      `there is no key ${elsewhere.key};`,
      'there is no CA file',
    ]);
  });
});
