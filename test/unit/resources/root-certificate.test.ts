import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledRoot } from '../../../src/certs/bundled-root.ts';
import { parseCertificates } from '../../../src/certs/certificate.ts';
import { privateCaRoot } from '../../../src/resources/private-ca-root.ts';
import { rootCertificate } from '../../../src/resources/root-certificate.ts';
import { OpensslAuthority } from '../certs/openssl-authority.ts';
import { CertificateHost } from './certificate-host.ts';
import { scratch } from './file-tree.ts';
import { hostileWords } from './shells.ts';

const made = new OpensslAuthority();
const fresh = scratch();
const isrg =
  '96:BC:EC:06:26:49:76:F3:74:60:77:9A:CF:28:C5:A7:CF:E8:A3:C0:AA:E1:1A:8F:FC:EE:05:C0:BD:DF:08:C6';
const fingerprint = () => parseCertificates(made.pem('root'))[0]?.fingerprint256 ?? '';

beforeAll(() => {
  made.root('root', 'basicConstraints=critical,CA:true');
  made.root('other', 'basicConstraints=critical,CA:true');
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

describe('private_ca_root', () => {
  it('shows in the plan that the CA is made, makes it at apply, and converges', async () => {
    const machine = downloads(undefined);
    const directory = fresh();
    const wish = { dest: join(directory, 'client-ca.pem'), ca: join(directory, 'ca'), mode: '0644' };
    expect((await machine.plan(privateCaRoot, wish)).changes[0]).toEqual({
      attribute: 'content',
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
