import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCertificate } from '../../../../../src/domains/tls-logs/certificates/certificate-verdict.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const ca =
  'basicConstraints=critical,CA:true;keyUsage=critical,keyCertSign,cRLSign;subjectKeyIdentifier=hash';
const leaf = (usage: string, names: string) =>
  `basicConstraints=CA:false;keyUsage=digitalSignature${usage && `;extendedKeyUsage=${usage}`};subjectAltName=${names}`;
const made = new OpensslAuthority();
// A minute later: the certificates are made after this line.
const now = new Date(Date.now() + 60_000);
const clocks = { host: now, here: now };
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);

beforeAll(() => {
  made.root('root', ca);
  made.root('other', ca);
  made.issue('middle', 'root', ca, 200);
  made.issue('clientca', 'root', `${ca};extendedKeyUsage=clientAuth`, 200);
  made.issue('server', 'middle', leaf('serverAuth', 'DNS:log.example.com,DNS:log2.example.com'));
  made.issue('client', 'middle', leaf('clientAuth', 'DNS:h2'));
  made.issue('both', 'root', leaf('clientAuth,serverAuth', 'DNS:h2'));
  made.issue('plain', 'middle', leaf('', 'DNS:h2'));
  made.issue('any', 'middle', leaf('anyExtendedKeyUsage', 'DNS:h2'));
  made.issue('wild', 'middle', leaf('serverAuth', 'DNS:*.example.com'));
  made.issue('address', 'middle', leaf('serverAuth', 'IP:192.0.2.1'));
  made.issue('narrow', 'clientca', leaf('serverAuth', 'DNS:h2'));
  made.issue('notca', 'root', leaf('serverAuth', 'DNS:notca'));
  made.root('self', leaf('serverAuth', 'DNS:self'), 'self');
});
afterAll(() => made.remove());

interface Row {
  readonly chain: readonly string[];
  readonly roots?: readonly string[];
  readonly purpose: 'server' | 'client';
  readonly now?: Date;
  readonly codes: readonly string[];
}

const rows: readonly Row[] = [
  { chain: ['server', 'middle'], purpose: 'server', codes: [] },
  { chain: ['server', 'middle', 'root'], purpose: 'server', codes: [] },
  { chain: ['both'], purpose: 'client', codes: [] },
  { chain: ['both'], purpose: 'server', codes: [] },
  { chain: ['plain', 'middle'], purpose: 'client', codes: [] },
  { chain: ['client', 'middle'], purpose: 'client', codes: [] },
  { chain: ['server', 'middle'], roots: ['other', 'root'], purpose: 'server', codes: [] },
  { chain: ['server'], roots: ['middle', 'root'], purpose: 'server', codes: [] },
  { chain: ['any', 'middle'], purpose: 'client', codes: ['wrong-purpose'] },
  { chain: ['server', 'middle'], purpose: 'client', codes: ['wrong-purpose'] },
  { chain: ['client', 'middle'], purpose: 'server', codes: ['wrong-purpose'] },
  { chain: ['narrow', 'clientca'], purpose: 'server', codes: ['wrong-purpose'] },
  { chain: ['server'], purpose: 'server', codes: ['leaf-only'] },
  { chain: ['server', 'middle'], roots: ['other'], purpose: 'server', codes: ['incomplete-chain'] },
  { chain: ['server', 'middle', 'root'], roots: ['other'], purpose: 'server', codes: ['untrusted-root'] },
  { chain: ['server', 'middle'], roots: ['middle'], purpose: 'server', codes: ['intermediate-as-root'] },
  { chain: ['server', 'other'], purpose: 'server', codes: ['incomplete-chain'] },
  { chain: ['self'], purpose: 'server', codes: ['self-signed'] },
  { chain: ['self'], roots: ['self'], purpose: 'server', codes: [] },
  { chain: ['server', 'middle'], roots: ['notca'], purpose: 'server', codes: ['not-a-ca'] },
  { chain: ['server', 'middle'], purpose: 'server', now: days(100), codes: ['expired'] },
  { chain: ['server', 'middle'], purpose: 'server', now: days(250), codes: ['expired', 'expired'] },
  {
    chain: ['server', 'middle'],
    purpose: 'server',
    now: days(-2),
    codes: ['not-yet-valid', 'not-yet-valid', 'not-yet-valid'],
  },
];

describe('checkCertificate judges a chain as openssl verify does', () => {
  it.each(rows)(
    '$chain under $roots as $purpose: $codes',
    ({ chain, roots = ['root'], purpose, now: at = now, codes }) => {
      const found = checkCertificate({
        chain: made.pem(...chain),
        publicKey: made.publicKey(chain[0] ?? ''),
        authorities: made.pem(...roots),
        purposes: [purpose],
        names: [],
        clocks: { host: at, here: at },
      });
      expect(found.map(({ code }) => code)).toEqual(codes);
      expect(found.every(({ message, fix }) => message !== '' && fix !== '')).toBe(true);
      expect(made.verifies(chain, roots, purpose, at)).toBe(codes.length === 0);
    },
  );
});

describe('checkCertificate compares', () => {
  const check = (chain: readonly string[], names: readonly string[], key: string | undefined) =>
    checkCertificate({
      chain: made.pem(...chain),
      publicKey: key,
      authorities: made.pem('root'),
      purposes: ['server'],
      names,
      clocks,
    });

  it.each([
    [['log.example.com'], 'server', []],
    [['LOG.example.com', 'log2.example.com'], 'server', []],
    [['logs.example.com'], 'server', ['wrong-name']],
    [['server'], 'server', ['wrong-name']],
    [['a.example.com'], 'wild', []],
    [['a.b.example.com'], 'wild', ['wrong-name']],
    [['example.com'], 'wild', ['wrong-name']],
    [['192.0.2.1'], 'address', ['wrong-name']],
  ])('names %j with the certificate %s: %j', (names, name, codes) => {
    expect(check([name, 'middle'], names, undefined).map(({ code }) => code)).toEqual(codes);
  });

  it('the key with the certificate', () => {
    expect(check(['server', 'middle'], [], made.publicKey('client')).map(({ code }) => code)).toEqual([
      'key-mismatch',
    ]);
    expect(check(['server', 'middle'], [], 'no key at all').map(({ code }) => code)).toEqual([
      'key-mismatch',
    ]);
  });

  it('and shows what is missing when there is no certificate', () => {
    const question = {
      publicKey: undefined,
      authorities: undefined,
      purposes: ['server'],
      names: [],
      clocks,
    } as const;
    expect(checkCertificate({ ...question, chain: '' })[0]?.code).toBe('no-certificate');
    const damaged = made.pem('server').replace(/^M.{20}/m, 'MIIB');
    expect(checkCertificate({ ...question, chain: damaged })[0]?.message).toContain('damaged');
    const noRoots = checkCertificate({ ...question, chain: made.pem('server'), authorities: 'nothing' });
    expect(noRoots.map(({ message }) => message)).toEqual(['the CA file holds no certificate']);
  });

  it('and names the fix for the mistakes that the reader is likely to have made', () => {
    expect(check(['server'], [], undefined)[0]?.fix).toContain('fullchain.pem');
    const asClient = checkCertificate({
      chain: made.pem('server', 'middle'),
      publicKey: undefined,
      authorities: undefined,
      purposes: ['client'],
      names: [],
      clocks,
    });
    expect(asClient[0]?.message).toBe(
      'the certificate is for serverAuth only, but clientAuth is needed to act as TLS client',
    );
    expect(asClient[0]?.fix).toContain('private CA');
  });
});
