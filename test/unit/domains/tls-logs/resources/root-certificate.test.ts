import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledRoot } from '../../../../../src/domains/tls-logs/certificates/bundled-root.ts';
import { parseCertificates } from '../../../../../src/domains/tls-logs/certificates/certificate.ts';
import { privateCaRoot } from '../../../../../src/domains/tls-logs/resources/private-ca-root.ts';
import { rootCertificate } from '../../../../../src/domains/tls-logs/resources/root-certificate.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { hostileWords } from '../../../../helpers/shell/shells.ts';
import { CertificateHost } from '../../../../helpers/tls-logs/certificate-host.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
const fresh = scratch();
const isrg =
  '96:BC:EC:06:26:49:76:F3:74:60:77:9A:CF:28:C5:A7:CF:E8:A3:C0:AA:E1:1A:8F:FC:EE:05:C0:BD:DF:08:C6';
const fingerprint = () => parseCertificates(made.pem('root'))[0]?.fingerprint256 ?? '';

beforeAll(() => {
  made.root('root', 'basicConstraints=critical,CA:true');
  made.root('other', 'basicConstraints=critical,CA:true');
  made.root('third', 'basicConstraints=critical,CA:true');
  made.root('expired', 'basicConstraints=critical,CA:true', 'expired', { from: -20, to: -10 });
});
afterAll(() => made.remove());

// A host whose downloads come from a file, or fail.
const downloads = (file: string | undefined) =>
  new CertificateHost(
    undefined,
    `curl() { for provision_last; do :; done; ${file ? `cat '${file}' >"$7"` : 'return 22'}; }`,
  );
const source = (name: string) => ({
  source_file: { path: `${name}.pem`, content: Buffer.from(made.pem(name)) },
});

describe('root_certificate takes the first source that has the right one', () => {
  const at = (name: string) => join(made.directory, `${name}.pem`);
  const rows = [
    { what: 'the host', paths: ['other', 'root'], url: 'other', found: 'root' },
    { what: 'the download', paths: ['other'], url: 'root', found: 'root' },
    { what: 'none', paths: ['other'], url: 'other', found: undefined },
    { what: 'none without a network', paths: [], url: undefined, found: undefined },
  ];
  it.each(rows)('$what', async ({ paths, url, found }) => {
    const dest = join(fresh(), "it's.pem");
    const wish = {
      dest,
      fingerprint: fingerprint(),
      paths: paths.map(at),
      url: 'https://ca.example.com/root.pem',
      mode: '0644',
    };
    const host = downloads(url && at(url));
    const { outputs, changes } = await host.apply(rootCertificate, wish);
    expect(changes[0]).toEqual({
      attribute: 'root certificate',
      from: 'absent',
      to: `SHA-256 ${fingerprint()}`,
    });
    expect(outputs.map(({ code }) => code)).toEqual([found ? 0 : 1]);
    if (found) {
      expect(parseCertificates(readFileSync(dest, 'utf8')).map((one) => one.fingerprint256)).toEqual([
        fingerprint(),
      ]);
      expect((await host.plan(rootCertificate, wish)).changes).toEqual([]);
    } else {
      expect(outputs[0]?.stderr).toContain('no source gave the root certificate');
      expect(() => statSync(dest)).toThrow('ENOENT');
    }
  });

  it('the control node, which carries ISRG Root X1', async () => {
    const dest = join(fresh(), 'root.pem');
    const wish = {
      dest,
      fingerprint: isrg,
      paths: ['/does/not/exist.pem'],
      url: 'https://ca.example.com/x.pem',
    };
    const { outputs } = await downloads(undefined).apply(rootCertificate, wish);
    expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
    expect(readFileSync(dest, 'utf8')).toBe(bundledRoot(isrg));
  });
});

describe('root_certificate', () => {
  const machine = downloads(undefined);

  it('brings a file of the control node, alone, whatever else the file holds', async () => {
    for (const word of hostileWords) {
      const dest = join(fresh(), word);
      writeFileSync(dest, made.pem('other', 'root'));
      const extra = {
        source_file: { path: 'x', content: Buffer.from(`# mine\n${made.pem('root', 'other')}`) },
      };
      const { outputs, changes } = await machine.apply(rootCertificate, { dest, src: 'x' }, extra);
      expect(changes[0]?.from).toBe('2 certificates');
      expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
      expect(readFileSync(dest, 'utf8')).toBe(made.pem('root'));
      expect((await machine.plan(rootCertificate, { dest, src: 'x' }, extra)).changes).toEqual([]);
    }
  });

  it.each([
    ['nothing says which root', {}, {}, 'needs a fingerprint'],
    [
      'the file is another than the pinned one',
      { src: 'x', fingerprint: isrg },
      'root',
      'holds another certificate',
    ],
    ['the file holds no certificate', { src: 'x' }, 'text', 'holds no certificate'],
  ])('refuses when %s', async (_what, more, name, message) => {
    const extra =
      name === 'text'
        ? { source_file: { path: 'x', content: Buffer.from('x') } }
        : name === 'root'
          ? source('root')
          : {};
    const { refused } = await machine.plan(rootCertificate, { dest: join(fresh(), 'x'), ...more }, extra);
    expect(refused.join()).toContain(message);
  });
});

describe('keep_others', () => {
  const held = (dest: string) => {
    const names = new Map(
      ['root', 'other', 'third', 'expired'].map((name) => [
        parseCertificates(made.pem(name))[0]?.fingerprint256,
        name,
      ]),
    );
    return parseCertificates(readFileSync(dest, 'utf8')).map((one) => names.get(one.fingerprint256) ?? 'ca');
  };
  const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const key = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
  const rows = [
    { what: 'nothing there', before: undefined, kept: [] },
    { what: 'only the wanted one', before: () => made.pem('root'), kept: [] },
    { what: 'another', before: () => made.pem('other'), kept: ['other'] },
    {
      what: 'others around it, in their order',
      before: () => `# x\r\n${made.pem('third', 'root', 'other')}`,
      kept: ['third', 'other'],
    },
    { what: 'each once', before: () => made.pem('other', 'root', 'other', 'root'), kept: ['other'] },
    { what: 'an expired one', before: () => made.pem('expired', 'other'), kept: ['other'] },
    { what: 'a damaged one and a key', before: () => damaged + key + made.pem('other'), kept: ['other'] },
  ];
  const machine = downloads(undefined);

  it.each(rows)('root_certificate: $what', async ({ before, kept }) => {
    const dest = join(fresh(), 'ca.pem');
    if (before) writeFileSync(dest, before());
    const wide = { dest, src: 'x', keep_others: true };
    const { outputs, result } = await machine.apply(rootCertificate, wide, source('root'));
    expect(outputs.every(({ code, stderr }) => code === 0 && stderr === '')).toBe(true);
    expect(held(dest)).toEqual(['root', ...kept]);
    expect(readFileSync(dest, 'utf8')).not.toContain('PRIVATE KEY');
    expect(result.kept).toBe(kept.length);
    const again = await machine.apply(rootCertificate, wide, source('root'));
    expect([again.changes, again.result.kept]).toEqual([[], kept.length]);
    const narrow = { dest, src: 'x' };
    const planned = await machine.plan(rootCertificate, narrow, source('root'));
    expect(rootCertificate.result?.(planned.args as never, planned.have as never, [])).toEqual({
      kept: kept.length,
    });
    const narrowed = await machine.apply(rootCertificate, narrow, source('root'));
    expect(narrowed.changes).toHaveLength(kept.length > 0 ? 1 : 0);
    expect(held(dest)).toEqual(['root']);
    expect(narrowed.result.kept).toBe(0);
  });

  it.each(rows)('private_ca_root: $what', async ({ before, kept }) => {
    const directory = fresh();
    const dest = join(directory, 'ca.pem');
    // What is the wanted one above is any other certificate here.
    const others = before
      ? [...new Set(['root', ...kept])].filter((name) => before().includes(made.pem(name)))
      : [];
    if (before) writeFileSync(dest, before());
    const wide = { dest, ca: join(directory, 'ca'), keep_others: true };
    const { result } = await machine.apply(privateCaRoot, wide);
    expect(held(dest)[0]).toBe('ca');
    expect(held(dest).slice(1).toSorted()).toEqual(others.toSorted());
    expect(result.kept).toBe(others.length);
    expect((await machine.plan(privateCaRoot, wide)).changes).toEqual([]);
    const { result: narrowed } = await machine.apply(privateCaRoot, { ...wide, keep_others: false });
    expect([held(dest), narrowed.kept]).toEqual([['ca'], 0]);
  });

  it('takes all certificates of a private CA that is being replaced as wanted', async () => {
    const dest = join(fresh(), 'ca.pem');
    writeFileSync(dest, made.pem('third', 'other'));
    const authority = { authority_certificate: made.pem('root', 'other').trimEnd() };
    const wish = { dest, ca: '/does/not/matter', keep_others: true };
    const { args, have, changes } = await machine.plan(privateCaRoot, wish, authority);
    expect(changes[0]?.text?.after).toBe(made.pem('root', 'other', 'third'));
    expect(privateCaRoot.result?.(args as never, have as never, [])).toEqual({ kept: 1, kept_revoked: [] });
    const withKey = { authority_certificate: made.pem('root') + key };
    expect((await machine.plan(privateCaRoot, wish, withKey)).refused.join()).toContain(
      'holds a private key',
    );
  });
});

describe('private_ca_root', () => {
  it('shows in the plan that the CA is made, makes it at apply, and converges', async () => {
    const machine = downloads(undefined);
    const directory = fresh();
    const wish = { dest: join(directory, 'client-ca.pem'), ca: join(directory, 'ca'), mode: '0644' };
    expect((await machine.plan(privateCaRoot, wish)).changes[0]).toEqual({
      attribute: 'content',
      from: 'absent',
      to: 'certificate of the private CA, which is made at apply',
    });
    expect(() => statSync(wish.ca)).toThrow('ENOENT');
    const { outputs } = await machine.apply(privateCaRoot, wish);
    expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
    expect(readFileSync(wish.dest, 'utf8')).toBe(readFileSync(join(wish.ca, 'ca.pem'), 'utf8'));
    expect((await machine.plan(privateCaRoot, wish)).changes).toEqual([]);
    writeFileSync(wish.dest, made.pem('other'));
    const [change] = (await machine.plan(privateCaRoot, wish)).changes;
    expect(change?.text?.before).toBe(made.pem('other'));
  });
});
