import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootCertificate } from '../../../../../src/domains/tls-logs/resources/root-certificate.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import {
  clock,
  instead,
  key,
  made,
  makeAll,
  type Place,
  put,
  type Row,
  refusal,
} from '../../../../helpers/tls-logs/bad-input.ts';
import { falseDate } from '../../../../helpers/tls-logs/false-clock.ts';

const fresh = scratch();
beforeAll(makeAll);
afterAll(() => made.remove());

const rows: readonly Row[] = [
  { what: 'nothing wrong', says: undefined },
  {
    what: 'both purposes, for both',
    chain: ['both', 'middle'],
    key: 'both',
    more: { purpose: ['server', 'client'] },
    says: undefined,
  },
  {
    what: 'both purposes, for whatever one likes',
    chain: ['plain', 'middle'],
    key: 'plain',
    more: { purpose: ['server', 'client'] },
    says: undefined,
  },
  {
    what: 'expired',
    chain: ['expired', 'middle'],
    key: 'expired',
    says: /the certificate expired on \d{4}-\d\d-\d\d \([12] days? ago\): renew it \(certbot renew\)/,
  },
  {
    what: 'not yet valid',
    chain: ['future', 'middle'],
    key: 'future',
    says: /is not valid before .*: check the host's clock: it says \d{4}-/,
  },
  {
    what: 'for another name',
    chain: ['name', 'middle'],
    key: 'name',
    says: /not for log\.example\.com; its DNS names: other\.example\.com: issue it with that name/,
  },
  {
    what: 'for no DNS name',
    chain: ['nameless', 'middle'],
    key: 'nameless',
    says: /not for log\.example\.com; its DNS names: none/,
  },
  {
    what: 'for another purpose',
    more: { purpose: 'client' },
    says: /for serverAuth only, but clientAuth is needed.*: public CAs/,
  },
  {
    what: 'for one of two purposes',
    more: { purpose: ['server', 'client'] },
    says: /for serverAuth only, but clientAuth is needed/,
  },
  {
    what: 'a client certificate for a server',
    chain: ['client', 'middle'],
    key: 'client',
    says: /for clientAuth only, but serverAuth is needed.*: take a certificate issued for servers/,
  },
  {
    what: 'the leaf alone',
    chain: ['server'],
    says: /without the intermediate that issued it \(CN=middle\): use fullchain\.pem/,
  },
  {
    what: 'from another CA',
    spoil: instead(
      put(() => made.pem('nextroot')),
      'ca',
    ),
    says: /does not reach the CA file: it ends at CN=middle, issued by CN=root/,
  },
  {
    what: 'self-signed',
    chain: ['self'],
    key: 'self',
    says: /the certificate is self-signed and is not in the CA file: put that root/,
  },
  {
    what: 'a certificate that is damaged',
    spoil: instead(
      put(() => made.pem('server').replace(/^M.{20}/m, 'MIIB')),
      'certificate',
    ),
    says: /holds a damaged certificate \(.*\): give a PEM file/,
  },
  {
    what: 'an empty certificate',
    spoil: instead(
      put(() => ''),
      'certificate',
    ),
    says: /the certificate file is empty/,
  },
  {
    what: 'a certificate in DER',
    spoil: ({ certificate }) => copyFileSync(join(made.directory, 'der.pem'), certificate),
    says: /holds no certificate: give a PEM file .*openssl x509 -inform der/,
  },
  {
    what: 'a key as certificate',
    spoil: instead(
      put(() => key('server')),
      'certificate',
    ),
    says: /holds a private key and no certificate: .* swapped\?/,
  },
  {
    what: 'a key beside the certificate',
    spoil: instead(
      put(() => made.pem('server', 'middle') + key('server')),
      'certificate',
    ),
    says: /a private key beside the certificate, where everybody may read it: keep the key in a file of its own/,
  },
  {
    what: 'a directory as certificate',
    spoil: instead(mkdirSync, 'certificate'),
    says: /the certificate \S+ is a directory: name the file/,
  },
  {
    what: 'no certificate',
    spoil: ({ certificate }) => rmSync(certificate),
    says: /there is no certificate \S+fullchain\.pem; put it there/,
  },
  {
    what: 'a certificate that is a device',
    more: { certificate: '/dev/zero' },
    says: /the certificate \/dev\/zero is not a regular file/,
  },

  {
    what: "a key that is too small for the host's OpenSSL",
    chain: ['weak', 'middle'],
    key: 'weak',
    says: /the certificate's key, RSA of 1024 bits, is too small for the security level of the host's OpenSSL \(ee key too small\): get a certificate with a new key: ECDSA/,
  },
  {
    what: 'the same where GnuTLS shows it, which takes it',
    chain: ['weak', 'middle'],
    key: 'weak',
    more: { library: 'gnutls' },
    says: undefined,
  },
  {
    what: 'an intermediate whose key is too small',
    chain: ['underweak', 'weakmiddle'],
    key: 'underweak',
    says: /the key of a CA certificate in its chain is too small .* \(ca key too small\): take a certificate, chain and root/,
  },
  {
    what: 'the self-signed twin of a cross-signed root, before it',
    chain: ['crosschild', 'twin', 'crossed'],
    key: 'crosschild',
    says: /holds a self-signed CA certificate that is not in the CA file, beside a cross-signed one.*: leave the self-signed one out/,
  },
  {
    what: 'the same behind it, where OpenSSL passes it over',
    chain: ['crosschild', 'crossed', 'twin'],
    key: 'crosschild',
    says: undefined,
  },
  { what: 'BEGIN TRUSTED CERTIFICATE', chain: ['server-trusted', 'middle'], says: undefined },
  {
    what: 'BEGIN TRUSTED CERTIFICATE for GnuTLS',
    chain: ['server-trusted', 'middle'],
    more: { library: 'gnutls' },
    says: /certificate 1 of the file is in the form BEGIN TRUSTED CERTIFICATE, which GnuTLS does not read: .*openssl x509 -in/,
  },
  {
    what: 'an intermediate as BEGIN TRUSTED CERTIFICATE',
    chain: ['server', 'middle-trusted'],
    says: /certificate 2 of the file is in the form BEGIN TRUSTED CERTIFICATE, which OpenSSL does not present/,
  },
  {
    what: 'the CA first',
    chain: ['middle', 'server'],
    says: /begins with the CA certificate CN=middle, and the one for log\.example\.com stands behind it: put that one first.*cat cert\.pem chain\.pem/,
  },
  {
    what: 'the root first',
    chain: ['root', 'middle', 'server'],
    says: /begins with the CA certificate CN=root/,
  },
  {
    what: 'a certificate that is cut off',
    spoil: instead(
      put(() => made.pem('server').slice(0, 300)),
      'certificate',
    ),
    says: /is cut off: the last certificate in it begins and does not end: copy the whole file again/,
  },
  {
    what: 'a chain that is cut off',
    chain: ['crosschild', 'crossed'],
    key: 'crosschild',
    spoil: instead(
      put(() => made.pem('crosschild', 'crossed') + made.pem('twin').slice(0, 200)),
      'certificate',
    ),
    says: /is cut off: the last certificate in it begins/,
  },
  {
    what: 'a leaf, its chain beside it (Synology)',
    spoil: ({ directory, certificate }) => {
      writeFileSync(join(directory, 'chain.pem'), made.pem('middle'));
      writeFileSync(join(directory, 'cert.pem'), made.pem('server'));
      rmSync(certificate);
    },
    file: 'cert.pem',
    says: /without the intermediate.*: put the chain behind it: cat cert\.pem chain\.pem >fullchain\.pem/,
  },
  {
    what: 'a leaf in fullchain.pem, its chain beside it',
    spoil: ({ directory }) => writeFileSync(join(directory, 'chain.pem'), made.pem('middle')),
    chain: ['server'],
    says: /without the intermediate[^:]*: use fullchain\.pem instead of cert\.pem/,
  },
  {
    what: 'a leaf, its issuer beside it (lego)',
    spoil: ({ directory }) => {
      writeFileSync(join(directory, 'log.example.com.issuer.crt'), made.pem('middle'));
      renameSync(join(directory, 'fullchain.pem'), join(directory, 'log.example.com.crt'));
    },
    chain: ['server'],
    file: 'log.example.com.crt',
    says: /put the chain behind it: cat log\.example\.com\.crt log\.example\.com\.issuer\.crt >fullchain\.pem/,
  },
  {
    what: 'a leaf, the whole chain beside it (acme.sh)',
    spoil: ({ directory, certificate }) => {
      writeFileSync(join(directory, 'fullchain.cer'), made.pem('server', 'middle'));
      writeFileSync(join(directory, 'log.example.com.cer'), made.pem('server'));
      rmSync(certificate);
    },
    file: 'log.example.com.cer',
    says: /use fullchain\.cer instead of log\.example\.com\.cer/,
  },
  ...['secret.p12', 'open.p12'].map((file) => ({
    what: `PKCS#12: ${file}`,
    spoil: ({ certificate }: Place) => copyFileSync(join(made.directory, file), certificate),
    says: /is PKCS#12 .*, with the key in it: split it with .*openssl pkcs12 -in \S+ -nokeys -out fullchain\.pem; .*-nocerts/,
  })),
  {
    what: "Traefik's acme.json",
    spoil: instead(
      put(() => '{\n  "le": {"Account": {}, "Certificates": [{"domain": {"main": "log.example.com"}}]}}\n'),
      'certificate',
    ),
    says: /is Traefik's store of all its certificates and keys: take this one out with .*jq -r .*main == "log\.example\.com".*base64 -d >fullchain\.pem/,
  },
  {
    what: 'JSON',
    spoil: instead(
      put(() => '{"a": 1}'),
      'certificate',
    ),
    says: /is JSON: take the certificate out/,
  },
  {
    what: 'a link that leads back to itself',
    spoil: instead((path) => {
      symlinkSync('privkey2.pem', path);
      symlinkSync('fullchain.pem', join(path, '../privkey2.pem'));
    }, 'certificate'),
    says: /is a link that leads back to itself: see where its links lead with namei -l/,
  },
  {
    what: 'a link to nothing',
    spoil: instead((path) => symlinkSync('../../archive/x/fullchain9.pem', path), 'certificate'),
    says: /is a link to \.\.\/\.\.\/archive\/x\/fullchain9\.pem, which is not there: restore that/,
  },
  ...[
    [
      '.acme.sh/log.example.com_ecc/fullchain.cer',
      /acme\.sh has one: name (\S+)\/fullchain\.cer, and its key \1\/log\.example\.com\.key/,
    ],
    [
      '.lego/certificates/log.example.com.crt',
      /lego has one: name (\S+)\/log\.example\.com\.crt, and its key \1\/log\.example\.com\.key/,
    ],
    ['traefik/acme.json', /Traefik has certificates in \S+acme\.json: take this one out with .*jq/],
  ].map(([file, says]) => ({
    what: `no certificate here, but in ${file}`,
    elsewhere: String(file),
    spoil: ({ certificate }: Place) => rmSync(certificate),
    says: says as RegExp,
  })),

  { what: 'no CA file', spoil: ({ ca }) => rmSync(ca), says: /there is no CA file \S+ca\.pem/ },
  { what: 'a directory as CA file', spoil: instead(mkdirSync, 'ca'), says: /the CA file \S+ is a directory/ },
  {
    what: 'an empty CA file',
    spoil: instead(
      put(() => ''),
      'ca',
    ),
    says: /the CA file is empty/,
  },
  {
    what: 'a key as CA file',
    spoil: instead(
      put(() => key('root')),
      'ca',
    ),
    says: /the CA file holds a private key and no certificate/,
  },
  {
    what: 'its own certificate as CA file',
    spoil: instead(
      put(() => made.pem('server')),
      'ca',
    ),
    says: /the CA file holds no CA certificate, only one for log\.example\.com: put the root certificate/,
  },
  {
    what: 'its intermediate as CA file',
    spoil: instead(
      put(() => made.pem('middle')),
      'ca',
    ),
    says: /holds the intermediate CN=middle, not the root that issued it: put the root certificate \(CN=root\) into the CA file/,
  },
  {
    what: 'the leaf with its intermediate as CA file',
    chain: ['server'],
    spoil: instead(
      put(() => made.pem('middle')),
      'ca',
    ),
    says: /holds the intermediate CN=middle/,
  },

  {
    what: 'a clock that is behind the start of the certificate',
    functions: clock(-2),
    says: /is valid from .*: now for this machine, but not for the host; the host's clock is (2 d|1 d 23 h \d+ min|2 d \d+ \w+) behind this machine's \(there .*, here .*\): set the clock/,
  },
  {
    what: 'a clock that is ahead of its end',
    functions: clock(100),
    says: /now for this machine, but not for the host; the host's clock is .* ahead of this machine's/,
  },
  {
    what: 'a clock by which an expired one is still valid',
    chain: ['expired', 'middle'],
    key: 'expired',
    functions: clock(-5),
    says: /now for the host, but not for this machine; the host's clock is .* behind/,
  },
  { what: 'a clock that is off, without effect', functions: clock(10), says: undefined },
  {
    what: 'a clock that gives no time',
    functions: falseDate('echo never'),
    says: /has no time, but 'never'/,
  },
];

describe('certificate_check shows what is wrong and how to fix it, and touches nothing', () => {
  it.each(rows)('$what', async (row) => {
    const refused = await refusal(row, fresh());
    expect(refused).toHaveLength(row.says ? 1 : 0);
    if (row.says) expect(refused[0]).toMatch(row.says);
  });
});

describe('root_certificate refuses a file of the control node that is no root', () => {
  const files: readonly [string, () => string, RegExp | undefined][] = [
    ['a root', () => made.pem('root'), undefined],
    ['a self-signed server certificate, which is its own root', () => made.pem('self'), undefined],
    ['an empty file', () => '', /x\.pem is empty/],
    ['a key', () => key('root'), /x\.pem holds a private key and no certificate/],
    [
      'a server certificate',
      () => made.pem('server'),
      /x\.pem holds no CA certificate, but one for log\.example\.com: give the root/,
    ],
    [
      'an intermediate',
      () => made.pem('middle', 'root'),
      /holds the intermediate CN=middle, not the root that issued it: put the root certificate \(CN=root\)/,
    ],
    [
      'an expired root',
      () => made.pem('oldroot'),
      /the root in x\.pem expired on .*: take the root that the CA publishes now/,
    ],
    ['a root of the future', () => made.pem('nextroot'), /the root in x\.pem is not valid before/],
  ];
  it.each(files)('%s', async (_what, text, says) => {
    const dest = join(fresh(), 'ca.pem');
    const extra = { source_file: { path: 'x.pem', content: Buffer.from(text()) } };
    const { refused } = await new ShellHost().plan(rootCertificate, { dest, src: 'x.pem' }, extra);
    expect(refused).toHaveLength(says ? 1 : 0);
    if (says) expect(refused[0]).toMatch(says);
  });
});
