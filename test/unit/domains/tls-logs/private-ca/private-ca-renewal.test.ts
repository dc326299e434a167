import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { permittedNames } from '../../../../../src/domains/tls-logs/certificates/name-constraints.ts';
import {
  type RenewalWish,
  renewAuthority,
} from '../../../../../src/domains/tls-logs/private-ca/authority-renewal.ts';
import {
  draftAuthority,
  storeAuthority,
} from '../../../../../src/domains/tls-logs/private-ca/authority-storing.ts';
import { makeAuthority } from '../../../../../src/domains/tls-logs/private-ca/new-authority.ts';
import { readPrivateCa } from '../../../../../src/domains/tls-logs/private-ca/private-ca.ts';
import { lockCa } from '../../../../../src/domains/tls-logs/private-ca/private-ca-lock.ts';
import { CaFolder } from '../../../../helpers/tls-logs/ca-folder.ts';

const renew = (ca: CaFolder, wish: RenewalWish = {}) => renewAuthority(ca.path, wish, new Date());
const files = (ca: CaFolder) =>
  readdirSync(ca.path)
    .filter((name) => name !== 'locks')
    .toSorted();
const whole = ['.gitignore', 'ca-key.pem', 'ca.pem', 'issued.jsonl', 'previous'];

async function opened(): Promise<{ readonly ca: CaFolder; readonly leaf: string }> {
  const ca = new CaFolder();
  return { ca, leaf: await ca.issue('h2') };
}

describe('renewing the CA', () => {
  it('makes a new key and a new name, and keeps the old certificate without its key', async () => {
    const { ca, leaf } = await opened();
    const [oldKey, oldPem] = [ca.read('ca-key.pem'), ca.read('ca.pem')];
    const { before, after } = await renew(ca);
    expect(files(ca)).toEqual(whole);
    expect(readdirSync(ca.at('previous'))).toEqual([`${before.serialNumber}.pem`]);
    expect(new X509Certificate(ca.read('previous', `${before.serialNumber}.pem`)).raw).toEqual(
      new X509Certificate(oldPem).raw,
    );
    expect(ca.read('ca-key.pem')).not.toBe(oldKey);
    expect(statSync(ca.at('ca-key.pem')).mode & 0o777).toBe(0o600);
    expect(after.subject).not.toBe(before.subject);
    expect(after.publicKey.equals(before.publicKey)).toBe(false);
    expect(new X509Certificate(readPrivateCa(ca.path) ?? '').raw).toEqual(after.raw);
    const next = await ca.issue('h2');
    expect(ca.verify(next, 'sslclient')).toBe('OK');
    expect(ca.verify(leaf, 'sslclient')).not.toBe('OK');
    expect(ca.verify(leaf, 'sslclient', ca.at('previous', `${before.serialNumber}.pem`))).toBe('OK');
  });

  it('keeps name, life and constraints unless something else is said', async () => {
    const ca = new CaFolder();
    const wish = { name: 'Home', days: 700, permitted: ['lab'] };
    await storeAuthority(ca.path, await makeAuthority(new Date(), wish));
    const { after } = await renew(ca);
    expect(after.subject).toMatch(/^CN=Home [0-9a-f]{8}$/);
    expect(permittedNames(after)).toEqual(['lab']);
    expect((after.validToDate.getTime() - Date.now()) / 86_400_000).toBeCloseTo(700, 1);
    const { after: last } = await renew(ca, { name: 'House', days: 100, permitted: ['example.com'] });
    expect(last.subject).toMatch(/^CN=House [0-9a-f]{8}$/);
    expect(permittedNames(last)).toEqual(['example.com']);
    expect(readdirSync(ca.at('previous'))).toHaveLength(2);
  });

  it('keeps the old key when it is asked to, for its owner alone', async () => {
    const { ca } = await opened();
    const key = ca.read('ca-key.pem');
    const { before } = await renew(ca, { keepKey: true });
    const kept = ca.at('previous', `${before.serialNumber}-key.pem`);
    expect(ca.read('previous', `${before.serialNumber}-key.pem`)).toBe(key);
    expect(statSync(kept).mode & 0o777).toBe(0o600);
  });

  it('leaves no old key that a renewal had kept before it was cut off', async () => {
    const { ca } = await opened();
    const serial = new X509Certificate(ca.read('ca.pem')).serialNumber;
    mkdirSync(ca.at('previous'));
    writeFileSync(ca.at('previous', `${serial}-key.pem`), ca.read('ca-key.pem'));
    await renew(ca);
    expect(readdirSync(ca.at('previous'))).toEqual([`${serial}.pem`]);
  });

  it.each([
    ['missing', (ca: CaFolder) => rmSync(ca.at('ca-key.pem'))],
    ['damaged', (ca: CaFolder) => writeFileSync(ca.at('ca-key.pem'), 'x')],
  ])('fixes a CA whose key is %s', async (_what, spoil) => {
    const { ca } = await opened();
    spoil(ca);
    await expect(ca.issue('h3')).rejects.toThrow('its key');
    await renew(ca);
    expect(ca.verify(await ca.issue('h3'), 'sslclient')).toBe('OK');
  });

  it('refuses where there is no CA, and makes nothing', async () => {
    const ca = new CaFolder();
    await expect(renew(ca)).rejects.toThrow('there is no private CA');
    expect(readdirSync(ca.folder)).toEqual([]);
  });

  it('refuses while a run uses the CA, and leaves it as it was', async () => {
    const { ca } = await opened();
    const before = ca.read('ca.pem');
    const run = await lockCa(ca.path, 'run');
    await expect(renew(ca)).rejects.toThrow(`it is in use by another run (process ${process.pid})`);
    expect(ca.read('ca.pem')).toBe(before);
    run.release();
    await renew(ca);
    expect(ca.read('ca.pem')).not.toBe(before);
  });

  it('ends with one CA when two renew at once', async () => {
    const { ca } = await opened();
    const both = await Promise.allSettled([renew(ca), renew(ca)]);
    expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(files(ca)).toEqual(whole);
    expect(ca.verify(await ca.issue('h2'), 'sslclient')).toBe('OK');
  });
});

/** Does by hand what a renewal does, up to the moment at which it is cut off. */
async function cutOff(ca: CaFolder, moment: string): Promise<string> {
  const made = await makeAuthority(new Date());
  await draftAuthority(ca.at('next.new-0a'), made, undefined);
  if (moment === 'only a draft') return made.certificate;
  renameSync(ca.at('next.new-0a'), ca.at('next'));
  if (moment === 'in force') return made.certificate;
  renameSync(ca.at('next', 'ca-key.pem'), ca.at('ca-key.pem'));
  if (moment === 'the key in its place') return made.certificate;
  renameSync(ca.at('next', 'ca.pem'), ca.at('ca.pem'));
  return made.certificate;
}

describe('a renewal that was cut off', () => {
  it.each([
    ['only a draft', false],
    ['in force', true],
    ['the key in its place', true],
    ['both in their place', true],
  ])('%s: a new CA is in force: %s', async (moment, isNew) => {
    const { ca } = await opened();
    const old = ca.read('ca.pem');
    const made = await cutOff(ca, moment);
    expect(readPrivateCa(ca.path)).toBe(isNew ? made : old);
    const root = join(ca.folder, 'root.pem');
    writeFileSync(root, isNew ? made : old);
    expect(ca.verify(await ca.issue('h2'), 'sslclient', root)).toBe('OK');
    const { before } = await renew(ca);
    expect(before.raw).toEqual(new X509Certificate(isNew ? made : old).raw);
    expect(files(ca)).toEqual(whole);
    expect(existsSync(ca.at('next'))).toBe(false);
    expect(ca.verify(await ca.issue('h2'), 'sslclient')).toBe('OK');
  });

  it('from plain to encrypted leaves no plain key behind', async () => {
    const { ca } = await opened();
    await draftAuthority(ca.at('next'), await makeAuthority(new Date()), 'open sesame');
    await expect(ca.issue('h2')).rejects.toThrow('its key is encrypted');
    await renew(ca, { newPassphrase: () => Promise.resolve('open sesame') });
    expect(files(ca)).toEqual(['.gitignore', 'ca-key.pem.age', 'ca.pem', 'issued.jsonl', 'previous']);
    expect(ca.verify(await ca.issue('h2', 'open sesame'), 'sslclient')).toBe('OK');
  });
});

describe('locks', () => {
  it.each([
    ['a process that has ended', `run.${2 ** 22 + 1}.1.0a.HOST`],
    ['a process whose number another has now', `run.${process.pid}.1.0a.HOST`],
  ])('of %s count for nothing', async (_what, name) => {
    const { ca } = await opened();
    const { hostname } = await import('node:os');
    mkdirSync(ca.at('locks'), { recursive: true });
    writeFileSync(ca.at('locks', name.replace('HOST', hostname())), '');
    await renew(ca);
    expect(readdirSync(ca.at('locks'))).toEqual([]);
  });

  it('of another machine are believed, and the message says how to end them', async () => {
    const { ca } = await opened();
    mkdirSync(ca.at('locks'), { recursive: true });
    writeFileSync(ca.at('locks', 'run.77.1.0a.other.example.com'), '');
    const refused = await renew(ca).catch((error) => error.problems[0]);
    expect(refused.message).toContain('process 77 on other.example.com');
    expect(refused.hint).toContain(ca.at('locks'));
  });

  it('let runs share the CA, and make a run wait for a renewal', async () => {
    const { ca } = await opened();
    const runs = await Promise.all([lockCa(ca.path, 'run'), lockCa(ca.path, 'run')]);
    for (const run of runs) run.release();
    const renewal = await lockCa(ca.path, 'renewal');
    await expect(lockCa(ca.path, 'run', 0)).rejects.toThrow('it is being renewed');
    const waiting = lockCa(ca.path, 'run');
    setTimeout(() => renewal.release(), 150);
    (await waiting).release();
    expect(readdirSync(ca.at('locks'))).toEqual([]);
  });
});
