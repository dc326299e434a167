import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bundledRoot } from '../../../../../src/domains/tls-logs/certificates/bundled-root.ts';
import {
  namesOutside,
  permittedNames,
} from '../../../../../src/domains/tls-logs/certificates/name-constraints.ts';
import { storeAuthority } from '../../../../../src/domains/tls-logs/private-ca/authority-storing.ts';
import { makeAuthority } from '../../../../../src/domains/tls-logs/private-ca/new-authority.ts';
import { CaFolder } from '../../../../helpers/tls-logs/ca-folder.ts';

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

describe('what openssl says of certificates of the private CA', () => {
  it.each([
    ['a client as client', {}, 'sslclient', 0, 'OK'],
    ['a client as server', {}, 'sslserver', 0, /purpose/],
    ['a server as server', { server: true }, 'sslserver', 0, 'OK'],
    ['a server as client', { server: true }, 'sslclient', 0, 'OK'],
    ['an expired one', {}, 'sslclient', 91, 'certificate has expired'],
    ['one of 89 days', {}, 'sslclient', 89, 'OK'],
    ['a permitted suffix itself', { names: ['lab'] }, 'sslclient', 0, 'OK'],
    ['a name below one', { names: ['h2.lab', 'a.b.example.com'] }, 'sslclient', 0, 'OK'],
    [
      'a name outside, though it is signed',
      { names: ['h2.org'] },
      'sslclient',
      0,
      'permitted subtree violation',
    ],
    [
      'one name outside of two',
      { names: ['h2.lab', 'mylab'] },
      'sslclient',
      0,
      'permitted subtree violation',
    ],
  ] as const)('%s', async (_what, wanted, purpose, age, verdict) => {
    const ca = new CaFolder();
    const permitted = ['lab', 'example.com'];
    await storeAuthority(ca.path, await makeAuthority(daysAgo(100), { permitted }));
    const chain = await ca.sign({ names: ['h2.lab'], ...wanted }, daysAgo(age));
    const said = ca.verify(chain, purpose);
    if (verdict instanceof RegExp) expect(said).toMatch(verdict);
    else expect(said).toBe(verdict);
    // What we refuse at plan time is what openssl refuses.
    const outside = namesOutside('names' in wanted ? wanted.names : ['h2.lab'], permitted);
    expect(outside.length > 0).toBe(verdict === 'permitted subtree violation');
  });

  it('is one for 200 suffixes as for one: they are read as they were written', async () => {
    const permitted = Array.from({ length: 200 }, (_, n) => `net-${n}.example.com`);
    const { certificate } = await makeAuthority(new Date(), { permitted });
    expect(permittedNames(new X509Certificate(certificate))).toEqual(permitted);
  });
});

describe('name constraints', () => {
  it.each([
    ['.LAB', ['lab']],
    ['*.lab.example.com', ['lab.example.com']],
    ['lab.', ['lab']],
  ])('%s permits %j', async (written, permitted) => {
    const { certificate } = await makeAuthority(new Date(), { permitted: [written, written] });
    expect(permittedNames(new X509Certificate(certificate))).toEqual(permitted);
  });

  it('are none where a certificate has none', async () => {
    const { certificate } = await makeAuthority(new Date());
    expect(permittedNames(new X509Certificate(certificate))).toEqual([]);
    expect(namesOutside(['anything.at.all'], [])).toEqual([]);
    const isrg = bundledRoot(
      '96:BC:EC:06:26:49:76:F3:74:60:77:9A:CF:28:C5:A7:CF:E8:A3:C0:AA:E1:1A:8F:FC:EE:05:C0:BD:DF:08:C6',
    );
    expect(permittedNames(new X509Certificate(isrg ?? ''))).toEqual([]);
  });

  it('refuse to sign, and say what is permitted', async () => {
    const ca = new CaFolder();
    await storeAuthority(ca.path, await makeAuthority(new Date(), { permitted: ['lab'] }));
    await expect(ca.issue('h2.lan')).rejects.toThrow('it may not certify h2.lan: it is constrained to lab');
    expect(ca.verify(await ca.issue('H2.Lab'), 'sslclient')).toBe('OK');
  });
});

describe('makeAuthority', () => {
  it('makes a root that openssl accepts, named as its owner wants, for as long', async () => {
    const { certificate: pem } = await makeAuthority(new Date(), { name: "Höme 'Lab' (1 & 2)", days: 30 });
    const certificate = new X509Certificate(pem);
    expect(certificate.toLegacyObject().subject.CN).toMatch(/^Höme 'Lab' \(1 & 2\) [0-9a-f]{8}$/);
    expect((certificate.validToDate.getTime() - Date.now()) / 86_400_000).toBeCloseTo(30, 1);
    expect(certificate.ca).toBe(true);
  });

  it.each([
    [{ name: 'x'.repeat(56) }, 'has 56 characters'],
    [{ name: 'a\nb' }, 'cannot be the name of a CA'],
    [{ name: 'Home, O=x' }, 'cannot be the name of a CA'],
    [{ name: '' }, 'cannot be the name of a CA'],
    [{ days: 36_501 }, '36501 days are too long'],
    [{ permitted: ['ok.lab', 'not ok'] }, "'not ok' is not a DNS suffix"],
    [{ permitted: ['*'] }, 'is not a DNS suffix'],
    [{ permitted: [''] }, 'is not a DNS suffix'],
  ])('refuses %j', async (wish, message) => {
    await expect(makeAuthority(new Date(), wish)).rejects.toThrow(message);
  });
});
