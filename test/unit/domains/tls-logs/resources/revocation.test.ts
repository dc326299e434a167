import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renewAuthority } from '../../../../../src/domains/tls-logs/private-ca/authority-renewal.ts';
import { readRecord, withdraw } from '../../../../../src/domains/tls-logs/private-ca/issued-record.ts';
import { privateCaIssued } from '../../../../../src/domains/tls-logs/resources/private-ca-issued.ts';
import { privateCaRoot } from '../../../../../src/domains/tls-logs/resources/private-ca-root.ts';
import { trustState } from '../../../../../src/domains/tls-logs/resources/trust-state.ts';
import { CaFolder } from '../../../../helpers/tls-logs/ca-folder.ts';
import { CertificateHost } from '../../../../helpers/tls-logs/certificate-host.ts';
import { seenCertificates } from '../../../../helpers/tls-logs/seen-certificates.ts';

const machine = new CertificateHost();

/** A CA that issued for h4 and was replaced since, and a CA file that holds both; with `again`, a third is in force and the second kept, too. */
async function replaced(revoked: boolean, again = false) {
  const ca = new CaFolder();
  await ca.issue('h4');
  const dest = join(ca.folder, 'client-ca.pem');
  const wide = { dest, ca: ca.path, keep_others: true };
  await machine.apply(privateCaRoot, wide);
  const [one] = readRecord(ca.path);
  if (!one) throw new Error('nothing was issued');
  if (revoked) await withdraw(ca.path, [one.serial], 'revoked', new Date());
  for (let n = 0; n < (again ? 2 : 1); n++) {
    await renewAuthority(ca.path, {}, new Date());
    await machine.apply(privateCaRoot, wide);
  }
  return { ca, dest, wide, one };
}

const held = (dest: string) => readFileSync(dest, 'utf8').match(/BEGIN/g)?.length;

describe('private_ca_root', () => {
  it.each([
    ['that issued nothing revoked stays', false, false, [], 2],
    ['that issued what is revoked is named, and goes when it may not stay', true, false, [true], 1],
    ['goes alone', true, true, [true], 2],
  ])('of CAs before this one, one %s', async (_what, revoked, again, named, left) => {
    const { dest, wide, one } = await replaced(revoked, again);
    const seen = await machine.apply(privateCaRoot, wide);
    expect([seen.changes, seen.result.kept]).toEqual([[], again ? 2 : 1]);
    expect((seen.result.kept_revoked as string[]).map((serial) => serial === one.issuer)).toEqual(named);
    const pressed = { ...wide, keep_revoked: false };
    const planned = await machine.plan(privateCaRoot, pressed);
    expect(privateCaRoot.result?.(planned.args as never, planned.have as never, [])).toEqual(seen.result);
    const { changes, result } = await machine.apply(privateCaRoot, pressed);
    expect([changes.length, held(dest), result]).toEqual([
      named.length,
      left,
      { kept: left - 1, kept_revoked: [] },
    ]);
    expect((await machine.plan(privateCaRoot, pressed)).changes).toEqual([]);
  });

  it('takes a CA before this one for the issuer where a record of old names none', async () => {
    const { ca, wide } = await replaced(true);
    const record = ca
      .read('issued.jsonl')
      .replace(/,"issuer":"[^"]*"/, '')
      .replace(/,"sha1":"[^"]*"/, '')
      .replace(/"notBefore":"\d+/, '"notBefore":"2020');
    writeFileSync(ca.at('issued.jsonl'), record);
    expect((await machine.apply(privateCaRoot, wide)).result.kept_revoked).toHaveLength(1);
  });
});

describe('private_ca_issued', () => {
  const look = async (ca: CaFolder, known: readonly string[] = []) =>
    (await machine.apply(privateCaIssued, { ca: ca.path, known })).result;

  it('knows nothing while there is no CA', async () => {
    expect(await look(new CaFolder())).toEqual({ revoked: [], others: [], kept: 0, kept_revoked: [] });
  });

  it('names what is revoked with all that it is known by, also of CAs before this one', async () => {
    const { ca, one, dest } = await replaced(true);
    const { revoked, present } = await look(ca);
    const file = (await machine.apply(privateCaIssued, { ca: ca.path, file: dest })).result;
    expect([file.kept, file.kept_revoked]).toEqual([1, [one.issuer]]);
    expect(present).toBe(new X509Certificate(ca.read('ca.pem')).serialNumber);
    const { serial, names, sha256, sha1, issuer } = one;
    expect(revoked).toEqual([{ serial, names, sha256, sha1, issuer }]);
    expect([sha1?.length, issuer]).toEqual([59, issuer]);
    expect(issuer).not.toBe(present);
  });

  it('names whose certificates are for nobody of the log: valid ones of the present CA', async () => {
    const ca = new CaFolder();
    for (const name of ['h2', 'H3', 'printer', 'gone', 'printer']) await ca.issue(name);
    const [, , , gone] = readRecord(ca.path);
    await withdraw(ca.path, [gone?.serial ?? ''], 'revoked', new Date());
    expect((await look(ca, ['h2', 'h3'])).others).toEqual(['printer']);
    await renewAuthority(ca.path, {}, new Date());
    expect((await look(ca, ['h2', 'h3'])).others).toEqual([]);
  });
});

describe('trust_state', () => {
  it('shows what is unfinished at the CA file, and what only another CA ends at the CA', async () => {
    const { ca, dest } = await replaced(true);
    const see = async (more: object) =>
      seenCertificates(trustState, await machine.plan(trustState, { file: dest, ca: ca.path, ...more }));
    const chain = readFileSync(dest, 'utf8');
    expect(await see({})).toEqual([]);
    const [open] = await see({ unfinished: ['x'] });
    expect(open).toMatchObject({ place: dest, stage: 'deployed', trouble: 'x' });
    expect(open?.chain?.trim()).toBe(chain.trim());
    expect(trustState.probe({ file: dest } as never, { contents: false }).asks).toEqual([]);
    const { args, have } = await machine.plan(trustState, { file: dest, ca: ca.path, revoked: ['y'] });
    const seen = { kind: 'certificate', here: true, place: ca.path, stage: 'issued' };
    expect(trustState.observations?.(args as never, have as never)).toEqual([
      { ...seen, revoked: 'y', chain: ca.read('ca.pem') },
    ]);
    expect(await see({ file: join(ca.folder, 'none.pem'), unfinished: ['x'] })).toEqual([
      { place: join(ca.folder, 'none.pem'), stage: 'deployed', trouble: 'x' },
    ]);
  });
});
