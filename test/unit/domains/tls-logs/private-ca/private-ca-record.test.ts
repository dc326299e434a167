import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renewAuthority } from '../../../../../src/domains/tls-logs/private-ca/authority-renewal.ts';
import { storeAuthority } from '../../../../../src/domains/tls-logs/private-ca/authority-storing.ts';
import {
  readRecord,
  readWithdrawn,
  recordIssued,
  withdraw,
} from '../../../../../src/domains/tls-logs/private-ca/issued-record.ts';
import {
  findIssued,
  knownCertificates,
} from '../../../../../src/domains/tls-logs/private-ca/issued-search.ts';
import { makeAuthority } from '../../../../../src/domains/tls-logs/private-ca/new-authority.ts';
import { CaFolder } from '../../../../helpers/tls-logs/ca-folder.ts';

const now = new Date();
const serials = (ca: CaFolder) => readRecord(ca.path).map(({ serial }) => serial);
const states = (ca: CaFolder) =>
  knownCertificates(ca.path, now).map(({ names, state }) => `${names.join()} ${state}`);

async function issued(...names: readonly string[]): Promise<CaFolder> {
  const ca = new CaFolder();
  for (const name of names) await ca.issue(name);
  return ca;
}

describe('the record of what a CA issued', () => {
  it('shows what has become of each certificate', async () => {
    const ca = new CaFolder();
    const hundredDaysAgo = new Date(now.getTime() - 100 * 86_400_000);
    await storeAuthority(ca.path, await makeAuthority(hundredDaysAgo));
    const old = await ca.sign({ names: ['h1'] }, hundredDaysAgo);
    await recordIssued(ca.path, { names: ['h1'] }, old, '00');
    for (const name of ['h2', 'h2', 'h3', 'h4', 'h5']) await ca.issue(name);
    const [, , , h3, h4] = serials(ca);
    await withdraw(ca.path, [h3 ?? ''], 'revoked', now);
    await withdraw(ca.path, [h4 ?? ''], 'renew', now);
    const expected = ['h1 expired', 'h2 superseded', 'h2 valid', 'h3 revoked', 'h4 due', 'h5 valid'];
    expect(states(ca)).toEqual(expected);
    expect([...readWithdrawn(ca.path)]).toEqual([
      [h3, 'revoked'],
      [h4, 'renew'],
    ]);
    await ca.issue('h4');
    expect(states(ca).slice(4)).toEqual(['h4 superseded', 'h5 valid', 'h4 valid']);
    await renewAuthority(ca.path, {}, now);
    await ca.issue('h5');
    expect(states(ca).slice(4)).toEqual(['h4 superseded', 'h5 superseded', 'h4 superseded', 'h5 valid']);
  });

  it('is believed where an older provision wrote it, which did not name the issuer', async () => {
    const ca = await issued('h2');
    const lines = ca.read('issued.jsonl').replace(/,"issuer":"\w+"/, '');
    expect(lines).not.toContain('issuer');
    writeFileSync(ca.at('issued.jsonl'), lines);
    expect(states(ca)).toEqual(['h2 valid']);
    const later = new Date(Date.now() + 2 * 3_600_000);
    await renewAuthority(ca.path, {}, later);
    expect(states(ca)).toEqual(['h2 superseded']);
  });

  it('survives a line that a crash cut off', async () => {
    const ca = await issued('h2');
    appendFileSync(ca.at('issued.jsonl'), '{"serial":"4242","names":["h');
    await ca.issue('h3');
    appendFileSync(ca.at('issued.jsonl'), '\n[]\nnull\n"x"\n{"serial":7}\n{"serial":"43","revoked":true}\n');
    await withdraw(ca.path, [serials(ca)[0] ?? ''], 'revoked', now);
    expect(states(ca)).toEqual(['h2 revoked', 'h3 valid']);
  });

  it('revokes once and for all: a renewal that was asked for too does not matter', async () => {
    const ca = await issued('h2');
    const [serial = ''] = serials(ca);
    await withdraw(ca.path, [serial], 'revoked', now);
    expect(readWithdrawn(ca.path).get(serial)).toBe('revoked');
    await withdraw(ca.path, [serial], 'renew', now);
    expect(readWithdrawn(ca.path).get(serial)).toBe('revoked');
    expect(states(ca)).toEqual(['h2 revoked']);
  });

  it('is empty where there is none', () => {
    const ca = new CaFolder();
    expect(readRecord(ca.path)).toEqual([]);
    expect(readWithdrawn(ca.path).size).toBe(0);
    expect(() => knownCertificates(ca.path, now)).toThrow('there is no private CA');
  });
});

describe('findIssued', () => {
  it('finds by name, by serial number, and by how that begins', async () => {
    const ca = await issued('h2', 'H2', 'h3');
    const [first, second, third = ''] = serials(ca);
    const found = (text: string) => findIssued(ca.path, text, now).map(({ serial }) => serial);
    expect(found('H2')).toEqual([first, second]);
    expect(found(third)).toEqual([third]);
    expect(found(third.toLowerCase())).toEqual([third]);
    expect(found(third.match(/../g)?.join(':') ?? '')).toEqual([third]);
    expect(found(third.slice(0, 8))).toEqual([third]);
  });

  it.each([
    ['h33', "did you mean 'h3'?"],
    ['4', 'choose one of: h2, h3'],
    ['ffffffffffffffff', 'choose one of: h2, h3'],
  ])('says of %s that it does not know it', async (text, hint) => {
    const ca = await issued('h2', 'h3');
    const problem = (() => {
      try {
        findIssued(ca.path, text, now);
        return undefined;
      } catch (error) {
        return error;
      }
    })();
    expect(problem).toMatchObject({
      problems: [
        {
          message: expect.stringContaining(`no certificate for '${text}'`),
          hint: expect.stringContaining(hint),
        },
      ],
    });
  });
});
