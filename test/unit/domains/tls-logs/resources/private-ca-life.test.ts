import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { permittedNames } from '../../../../../src/domains/tls-logs/certificates/name-constraints.ts';
import { renewAuthority } from '../../../../../src/domains/tls-logs/private-ca/authority-renewal.ts';
import { storeAuthority } from '../../../../../src/domains/tls-logs/private-ca/authority-storing.ts';
import {
  readRecord,
  type Withdrawal,
  withdraw,
} from '../../../../../src/domains/tls-logs/private-ca/issued-record.ts';
import { makeAuthority } from '../../../../../src/domains/tls-logs/private-ca/new-authority.ts';
import { privateCaCertificate } from '../../../../../src/domains/tls-logs/resources/private-ca-certificate.ts';
import { privateCaRoot } from '../../../../../src/domains/tls-logs/resources/private-ca-root.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { CertificateHost } from '../../../../helpers/tls-logs/certificate-host.ts';
import { seenCertificates } from '../../../../helpers/tls-logs/seen-certificates.ts';

const fresh = scratch();
const machine = new CertificateHost();
const day = 86_400_000;

function wish(directory: string, more: object = {}) {
  return { dest: join(directory, 'own'), ca: join(directory, 'ca'), names: ['h2.lab'], ...more };
}
const apply = (directory: string, more: object = {}) =>
  machine.apply(privateCaCertificate, wish(directory, more));
const plan = (directory: string, more: object = {}) =>
  machine.plan(privateCaCertificate, wish(directory, more));
const leaf = (directory: string) =>
  new X509Certificate(readFileSync(join(directory, 'own/current/fullchain.pem')));
const publicKey = (directory: string) => leaf(directory).publicKey.export({ type: 'spki', format: 'pem' });

describe('a certificate of the private CA', () => {
  it.each([
    ['revoked', 'the old one was revoked'],
    ['renew', 'the old one is to be renewed, as was asked for'],
  ] as const)('that was withdrawn (%s) is replaced once, with a new key', async (why, reason) => {
    const directory = fresh();
    await apply(directory);
    const [{ serialNumber }, key] = [leaf(directory), publicKey(directory)];
    await withdraw(join(directory, 'ca'), [serialNumber], why satisfies Withdrawal, new Date());
    expect((await plan(directory)).changes[0]?.to).toContain(`(${reason})`);
    await apply(directory);
    expect(leaf(directory).serialNumber).not.toBe(serialNumber);
    expect(publicKey(directory)).not.toBe(key);
    expect((await plan(directory)).changes).toEqual([]);
  });

  it('comes from the new CA after a renewal', async () => {
    const directory = fresh();
    await apply(directory);
    const { after } = await renewAuthority(join(directory, 'ca'), {}, new Date());
    expect((await plan(directory)).changes[0]?.to).toContain('the old one is from another CA');
    await apply(directory);
    expect(leaf(directory).verify(after.publicKey)).toBe(true);
    expect((await plan(directory)).changes).toEqual([]);
  });

  it.each([
    [{}, 90, 30],
    [{ days: 45 }, 45, 15],
    [{ days: 45, renew_days: 5 }, 45, 5],
  ])('shows with %j when it ends and when it is renewed', async (more, days, limit) => {
    const directory = fresh();
    for (const { result } of [await apply(directory, more), await apply(directory, more)]) {
      const end = new Date(String(result.not_after)).getTime();
      expect((end - Date.now()) / day).toBeCloseTo(days, 1);
      expect((end - new Date(String(result.renewed_from)).getTime()) / day).toBeCloseTo(limit, 5);
    }
  });

  it('is seen with what is wrong with it, for `provision certs`', async () => {
    const directory = fresh();
    const see = async () => {
      return seenCertificates(privateCaCertificate, await plan(directory));
    };
    const place = join(directory, 'own');
    expect(await see()).toEqual([
      { place, stage: 'issued' },
      { place, stage: 'deployed' },
    ]);
    await apply(directory);
    const chain = readFileSync(join(directory, 'own/current/fullchain.pem'), 'utf8');
    expect(await see()).toEqual([
      { place, stage: 'issued', chain },
      { place, stage: 'deployed', chain, dueDays: 30 },
    ]);
    await withdraw(join(directory, 'ca'), [leaf(directory).serialNumber], 'revoked', new Date());
    await apply(directory, { activate: false });
    const [issued, deployed] = await see();
    expect(issued?.chain).not.toBe(chain);
    expect(deployed).toMatchObject({ place, stage: 'deployed', chain, trouble: 'it was revoked' });
  });
});

describe('what the private CA may certify', () => {
  it.each([
    ['private_ca_certificate', privateCaCertificate, {}],
    ['private_ca_root', privateCaRoot, { names: undefined, mode: '0644' }],
  ] as const)('is settled by %s that makes it', async (_name, resource, more) => {
    const directory = fresh();
    const { names, ...root } = { ...wish(directory, { permitted_names: ['lab', '.example.com'] }), ...more };
    await machine.apply(resource, names === undefined ? root : { ...root, names });
    const ca = new X509Certificate(readFileSync(join(directory, 'ca/ca.pem')));
    expect(permittedNames(ca)).toEqual(['lab', 'example.com']);
    // It is settled then: another list changes nothing.
    await apply(directory, { permitted_names: ['lan'] });
    expect(new X509Certificate(readFileSync(join(directory, 'ca/ca.pem'))).raw).toEqual(ca.raw);
  });

  it.each([
    [
      ['lab'],
      ['h2.lan'],
      false,
      'that is made in CA is to certify only lab and what is below: not h2.lan; use another name, or add to permitted_names',
    ],
    [
      ['lab', 'lan'],
      ['h2.lab', 'h2', 'h3'],
      true,
      'in CA may certify only lab, lan and what is below: not h2, h3; use another name, or make a CA that permits it with `provision ca renew --permit`',
    ],
    [['lab'], ['h2.lab'], true, undefined],
    [[], ['anything'], true, undefined],
  ])('%j refuses %j at plan time (the CA is there: %s)', async (permitted, names, there, reason) => {
    const directory = fresh();
    const ca = join(directory, 'ca');
    if (there) await storeAuthority(ca, await makeAuthority(new Date(), { permitted }));
    const { refused } = await plan(directory, { names, ...(!there && { permitted_names: permitted }) });
    expect(refused).toEqual(
      reason === undefined ? [] : [`the private CA ${reason.replace('CA ', `${ca} `)}`],
    );
    expect(readRecord(ca)).toEqual([]);
  });

  it.each([
    [
      'a name that cannot be one',
      { names: ['a b'] },
      undefined,
      "'a b' cannot be a DNS name of a certificate",
    ],
    ['a damaged CA', {}, 'x', 'the certificate of the private CA in CA is damaged'],
  ])('%s is refused at plan time', async (_what, more, content, reason) => {
    const directory = fresh();
    const ca = join(directory, 'ca');
    await storeAuthority(ca, await makeAuthority(new Date()));
    if (content !== undefined) writeFileSync(join(ca, 'ca.pem'), content);
    const { refused } = await machine.plan(privateCaCertificate, wish(directory, more)).catch((error) => {
      throw new Error(`the plan broke: ${error}`);
    });
    expect(refused.join()).toContain(reason.replace('CA is', `${ca} is`).replace('in CA', `in ${ca}`));
  });

  it('a CA that has expired is refused at plan time, with what to do', async () => {
    const directory = fresh();
    const yearsAgo = new Date(Date.now() - 800 * day);
    await storeAuthority(join(directory, 'ca'), await makeAuthority(yearsAgo, { days: 700 }));
    const { refused } = await plan(directory);
    expect(refused.join()).toMatch(/expired on \d{4}-\d\d-\d\d; make a new one with `provision ca renew`/);
  });
});
