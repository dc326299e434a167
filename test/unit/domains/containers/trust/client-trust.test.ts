import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClientTrust, clientTrust } from '../../../../../src/domains/containers/trust/client-trust.ts';
import { strayVariables } from '../../../../../src/domains/containers/trust/client-variables.ts';
import { causesIn, tlsCauses } from '../../../../../src/domains/containers/trust/tls-causes.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

let made: OpensslAuthority;
const ca = 'basicConstraints=critical,CA:true';
const server = 'extendedKeyUsage=serverAuth\nsubjectAltName=DNS:logs.lab';

beforeAll(() => {
  made = new OpensslAuthority();
  made.root('root', ca);
  made.root('other', ca);
  made.issue('middle', 'root', ca);
  made.issue('leaf', 'middle', server);
  made.issue('client', 'middle', 'extendedKeyUsage=clientAuth\nsubjectAltName=DNS:logs.lab');
  made.issue('old', 'middle', server, { from: -20, to: -1 });
});
afterAll(() => made.remove());

type More = Partial<Omit<ClientTrust, 'chain' | 'given'>> & {
  readonly chain?: readonly string[];
  readonly roots?: readonly string[];
};

function reasons({ chain = ['leaf', 'middle'], roots = ['root'], ...more }: More) {
  const now = new Date();
  return clientTrust({
    server: 'logs.lab:6514',
    name: 'logs.lab',
    chain: made.pem(...chain),
    trouble: '',
    given: roots.map((name) => ({ path: `/certs/${name}.pem`, text: made.pem(name) })),
    image: { count: 0, trusts: false },
    variables: ['PATH', 'LOGSPOUT_TLS_CA_CERTS'],
    clocks: { host: now, here: now },
    ...more,
  });
}

describe('whether a client in a container believes the server', () => {
  test.each<[string, More]>([
    ['the root is given', {}],
    ['the image has it', { roots: [], image: { count: 140, trusts: true } }],
    ['the intermediate is given, which is enough for Go', { chain: ['leaf'], roots: ['middle'] }],
    ['the certificate itself is given', { chain: ['leaf'], roots: ['leaf'] }],
  ])('%s', (_title, more) => {
    expect(reasons(more)).toEqual([]);
  });

  const past = new Date(Date.now() - 300 * 86_400_000);
  const soon = new Date(Date.now() + 3_600_000);
  test.each<[string, More, string, string]>([
    [
      'leaf-only',
      { chain: ['leaf'] },
      'presents its certificate alone, without the intermediate that issued it (CN=middle)',
      'fullchain.pem',
    ],
    [
      'unknown-root',
      { roots: ['other'] },
      'does not trust CN=root, where the chain ends (no root at all in the image; /certs/other.pem: CN=other)',
      'LOGSPOUT_TLS_CA_CERTS',
    ],
    [
      'unknown-root',
      { roots: [], image: { count: 140, trusts: false } },
      'none of the 140 roots in the image',
      'mount that root',
    ],
    [
      'unknown-root',
      { roots: [], image: undefined },
      "the image's roots are switched off",
      'mount that root',
    ],
    [
      'wrong-name',
      { name: 'h1.lab' },
      'is not for h1.lab; its DNS names: logs.lab',
      'issue it with that name',
    ],
    [
      'address-for-name',
      { name: '198.18.0.1' },
      'the route names the address',
      'write the name of the certificate',
    ],
    ['expired', { chain: ['old', 'middle'] }, 'expired on', 'renew it'],
    ['clock-skew', { clocks: { host: past, here: soon } }, "the host's clock is", 'timedatectl set-ntp true'],
    [
      'wrong-purpose',
      { chain: ['client', 'middle'] },
      'is needed to act as TLS server',
      'issued for servers',
    ],
    [
      'wrong-variable',
      { variables: ['LOGSPOUT_TLS_CA_CERT'] },
      'nobody reads the variable LOGSPOUT_TLS_CA_CERT',
      'write LOGSPOUT_TLS_CA_CERTS',
    ],
    [
      'unreachable',
      { chain: [], trouble: 'Connection refused' },
      'nothing answers at logs.lab:6514',
      'start the server',
    ],
    [
      'plain-server',
      { chain: [], trouble: 'wrong version number' },
      'speaks no TLS: wrong version',
      'logstash_tls',
    ],
  ])('%s', (code, more, message, fix) => {
    expect(reasons(more)[0]).toEqual({
      code,
      message: expect.stringContaining(message),
      fix: expect.stringContaining(fix),
    });
  });

  test('a CA file that the container does not have, and one that holds nothing', () => {
    const given = [
      { path: '/certs/a.pem', text: undefined },
      { path: '/certs/b.pem', text: 'no PEM' },
    ];
    const image = { count: 1, trusts: true };
    const now = new Date();
    const trust = { server: 'logs.lab:1', name: 'logs.lab', chain: made.pem('leaf', 'middle'), trouble: '' };
    const found = clientTrust({ ...trust, given, image, variables: [], clocks: { host: now, here: now } });
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      ['wrong-ca-file', 'the container has no CA file /certs/a.pem'],
      ['wrong-ca-file', '/certs/b.pem holds no certificate'],
    ]);
  });
});

test('variables that nobody reads', () => {
  const names = [
    'LOGSPOUT_TLS_CLIENT_CERTS',
    'LOGSPOUT_TLS_KEY',
    'LOGSPOUT_CA_FILE',
    'LOGSPOUT',
    'SSL_CERT_FILE',
  ];
  expect(strayVariables(names)).toEqual([
    { name: 'LOGSPOUT_TLS_CLIENT_CERTS', meant: 'LOGSPOUT_TLS_CLIENT_CERT' },
    { name: 'LOGSPOUT_TLS_KEY', meant: 'LOGSPOUT_TLS_CLIENT_KEY' },
    { name: 'LOGSPOUT_CA_FILE', meant: 'LOGSPOUT_TLS_CA_CERTS' },
  ]);
});

describe('what the log of a container says', () => {
  // As Go 1.19 and 1.24 write them.
  test.each([
    ['!! x509: certificate signed by unknown authority', 'unknown-authority'],
    [
      '!! tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'unknown-authority',
    ],
    ['!! x509: certificate is valid for logs.lab, not h1.lab', 'wrong-name'],
    [
      "!! x509: cannot validate certificate for 1.2.3.4 because it doesn't contain any IP SANs",
      'address-for-name',
    ],
    [
      'x509: certificate has expired or is not yet valid: current time 2016-01-01T00:00:00Z is before',
      'clock',
    ],
    ['error with TLSConfig: open /certs/none.pem: no such file or directory', 'wrong-ca-file'],
    ['error with TLSConfig: failed to load CA certificate(s): /certs/empty.pem', 'wrong-ca-file'],
    ['FATAL: TLS CA trust store is empty! Can not trust any TLS endpoints: tls://logs.lab:6514', 'no-roots'],
    ['tls: first record does not look like a TLS handshake', 'plain-server'],
    ['dial tcp: lookup logs.lab on 127.0.0.11:53: no such host', 'no-such-host'],
    ['dial tcp 198.18.0.1:6514: connect: connection refused', 'unreachable'],
    ['write tcp: remote error: tls: certificate required', 'client-certificate'],
  ])('%s', (line, code) => {
    expect(causesIn(`# logspout v3.2.14\n${line}\nother`)).toEqual([
      { cause: tlsCauses.find((one) => one.code === code), line },
    ]);
  });

  test('a cause is said once, with the last line', () => {
    const lines = ['a: connection refused', 'b: connection refused', 'no such host'];
    expect(causesIn(lines.join('\n')).map(({ line }) => line)).toEqual(lines.slice(1));
  });

  test('a connection that ends once is no trouble, three are', () => {
    const lines = ['1: write: broken pipe', '2: write: connection reset by peer', '3: write: broken pipe'];
    expect(causesIn(lines.slice(1).join('\n'))).toEqual([]);
    expect(causesIn(lines.join('\n')).map(({ cause, line }) => [cause.code, line])).toEqual([
      ['closed-by-server', '3: write: broken pipe'],
    ]);
  });

  test('every cause is in the table of docs/container-logs.md, in its words', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../../docs/container-logs.md'), 'utf8');
    for (const { texts, cause, fix } of tlsCauses) {
      expect(page).toContain(`| ${texts.map((text) => `\`${text}\``).join(', ')} | ${cause} | ${fix} |`);
    }
  });
});
