import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type KnownOfHosts,
  type TrustSettings,
  trust,
} from '../../../../../src/domains/tls-logs/trust/trust.ts';
import type { TrustMode } from '../../../../../src/domains/tls-logs/trust/trust-record.ts';

const settings: TrustSettings = {
  host: 'logs',
  servers: ['logs'],
  clients: ['b', 'a'],
  server_mode: 'name',
  client_mode: 'name',
  server_name: 'log.example.com',
  shared: false,
  permitted: [],
  hash: 'auto',
  transport: 'tcp',
  driver: 'ossl',
  width: 'wide',
  check: false,
};

const sends = { target: '192.0.2.1', port: 6514, driver: 'ossl', transport: 'tcp', shows_certificate: true };
const recorded = (record: unknown, more: object = {}) => ({
  ansible_local: { provision_log: record },
  ...more,
});
const certificate = (name: string) => ({
  log_certificate: { fingerprints_sha1: [`SHA1:${name}`], fingerprints_sha256: [`SHA256:${name}`] },
});
const fleet = (server: object = {}): KnownOfHosts => ({
  logs: { log_rsyslog_version: { stdout: '8.2302.0' }, ...server },
  a: { ...certificate('A'), log_certificate_name: 'a.lab' },
  b: certificate('B'),
});

const prints = ['SHA256:A', 'SHA256:B'];
const names = ['a.lab', 'b'];

describe('who is permitted', () => {
  // What the log server permitted before, what is wanted; then who is permitted during the rotation, after it, and whether that differs.
  test.each<
    [
      before: readonly [TrustMode, ...string[]] | undefined,
      wanted: TrustMode,
      during: readonly [TrustMode, ...string[]],
      after: readonly string[],
      due: boolean,
    ]
  >([
    [undefined, 'name', ['name', ...names], names, false],
    [undefined, 'fingerprint', ['fingerprint', ...prints], prints, false],
    [undefined, 'certvalid', ['certvalid'], [], false],
    [undefined, 'anon', ['anon'], [], false],
    [['name', ...names], 'name', ['name', ...names], names, false],
    [['name', 'b', 'a.lab'], 'name', ['name', ...names], names, false],
    [['name', 'old'], 'name', ['name', ...names, 'old'], names, true],
    [['name', 'b'], 'name', ['name', ...names], names, false],
    [['name', 'old'], 'fingerprint', ['name', ...names, 'old'], prints, true],
    [['name', 'old'], 'certvalid', ['certvalid'], [], false],
    [['name', 'old'], 'anon', ['anon'], [], false],
    [['fingerprint', 'SHA1:old'], 'fingerprint', ['fingerprint', 'SHA1:old', ...prints], prints, true],
    [['fingerprint', ...prints], 'fingerprint', ['fingerprint', ...prints], prints, false],
    [['fingerprint', 'SHA1:old'], 'name', ['fingerprint', 'SHA1:old', ...prints], names, true],
    [['fingerprint', 'SHA1:old'], 'certvalid', ['certvalid'], [], false],
    [['fingerprint', 'SHA1:old'], 'anon', ['anon'], [], false],
    [['certvalid'], 'name', ['certvalid'], names, true],
    [['certvalid'], 'fingerprint', ['certvalid'], prints, true],
    [['certvalid'], 'certvalid', ['certvalid'], [], false],
    [['certvalid'], 'anon', ['anon'], [], false],
    [['anon'], 'name', ['anon'], names, true],
    [['anon'], 'fingerprint', ['anon'], prints, true],
    [['anon'], 'certvalid', ['anon'], [], true],
    [['anon'], 'anon', ['anon'], [], false],
  ])('before %j, wanted %s', (before, wanted, [mode, ...peers], after, due) => {
    const record = before && { mode: before[0], peers: before.slice(1) };
    const hosts = fleet(record && recorded(record));
    const wanting = { ...settings, server_mode: wanted };
    const found = trust(wanting, hosts);
    expect(found.before).toEqual(record ?? {});
    expect(found.wide).toEqual({ mode, peers });
    expect(found.narrow).toEqual({ mode: wanted, peers: after });
    expect(found.due).toBe(due);
    expect(found.permitted).toEqual(found.wide);
    expect(trust({ ...wanting, width: 'narrow' }, hosts).permitted).toEqual(found.narrow);
  });

  test.each<[string, Partial<TrustSettings>, readonly string[]]>([
    ['a client permits the name of the server', { host: 'a' }, ['log.example.com']],
    ['or its fingerprint', { host: 'a', client_mode: 'fingerprint', hash: 'sha256' }, ['SHA256:S']],
    ['a shared certificate has one name', { shared: true }, ['log.example.com']],
    ['the user permits others', { permitted: ['Zeta', 'alpha', 'Zeta'] }, ['alpha', 'Zeta']],
    ['SHA-1 by wish', { server_mode: 'fingerprint', hash: 'sha1' }, ['SHA1:A', 'SHA1:B']],
    ['SHA-1 of RELP with OpenSSL', { server_mode: 'fingerprint', transport: 'relp' }, ['SHA1:A', 'SHA1:B']],
    ['not with GnuTLS', { server_mode: 'fingerprint', transport: 'relp', driver: 'gtls' }, prints],
  ])('%s', (_what, some, peers) => {
    const hosts = fleet(certificate('S'));
    expect(trust({ ...settings, ...some }, hosts).narrow.peers).toEqual(peers);
  });

  test.each([
    ['8.2208.0', 'SHA256:A'],
    ['8.2112.0', 'SHA1:A'],
    ['9.1', 'SHA256:A'],
    ['', 'SHA1:A'],
    [undefined, 'SHA1:A'],
  ])('the hash that rsyslog %s understands', (stdout, first) => {
    const hosts = fleet({ log_rsyslog_version: stdout === undefined ? undefined : { stdout } });
    expect(trust({ ...settings, server_mode: 'fingerprint' }, hosts).wide.peers[0]).toBe(first);
  });

  test.each([
    'log_server_root',
    'log_server_private_root',
    'log_client_private_root',
    'log_client_root_found',
  ])('a root that %s kept is due to go', (name) => {
    expect(trust(settings, fleet({ [name]: { kept: 1 } })).due).toBe(true);
    expect(trust(settings, fleet({ [name]: { kept: 0 } })).due).toBe(false);
  });

  const mode = fc.constantFrom<TrustMode>('name', 'fingerprint', 'certvalid', 'anon');
  const looseness: Readonly<Record<TrustMode, number>> = { name: 0, fingerprint: 0, certvalid: 1, anon: 2 };

  test('during a rotation nobody is shut out who was permitted, and nobody who is wanted in the same way', () => {
    const peers = fc.uniqueArray(fc.constantFrom('a.lab', 'b', 'c', 'D', 'SHA256:A', 'SHA1:X'));
    fc.assert(
      fc.property(mode, peers, mode, (was, had, wanted) => {
        const strict = was === 'name' || was === 'fingerprint';
        const hosts = fleet(recorded({ mode: was, peers: strict ? had : [] }));
        const { wide, narrow } = trust({ ...settings, server_mode: wanted }, hosts);
        expect(looseness[wide.mode]).toBe(Math.max(looseness[was], looseness[wanted]));
        expect(wide.peers).toEqual(looseness[wide.mode] > 0 ? [] : expect.arrayContaining(had));
        if (was === wanted) expect(wide.peers).toEqual(expect.arrayContaining([...narrow.peers]));
      }),
    );
  });
});

describe('the record of the last run', () => {
  const sound = { mode: 'name', peers: ['log.example.com'] };
  test.each<[string, unknown, string]>([
    ['none', undefined, ''],
    ['an empty one', {}, ''],
    ['a sound one', sound, ''],
    [
      'what the host says of a broken file',
      'error loading fact: please check content',
      'error loading fact: please check content',
    ],
    ['a list', [], 'it is not a mapping'],
    ['null', null, 'it is not a mapping'],
    ['no mode', { peers: [] }, 'it has no known mode'],
    ['an unknown mode', { mode: 'all', peers: [] }, 'it has no known mode'],
    ['no peers', { mode: 'name' }, 'it has no list of peers'],
    ['peers as text', { mode: 'name', peers: 'a' }, 'it has no list of peers'],
    ['a peer that ends the quotes', { mode: 'name', peers: ['a"'] }, 'it has peers that nobody can have'],
    ['an empty peer', { mode: 'name', peers: [''] }, 'it has peers that nobody can have'],
    [
      'a client without its port',
      { ...sound, ...sends, port: undefined },
      'it does not say how this client sends',
    ],
    [
      'a client with a port of words',
      { ...sound, ...sends, port: 'x' },
      'it does not say how this client sends',
    ],
    [
      'a client with another driver',
      { ...sound, ...sends, driver: 'mbed' },
      'it does not say how this client sends',
    ],
  ])('%s', (_what, record, damage) => {
    const found = trust(settings, fleet(record === undefined ? {} : recorded(record)));
    expect(found.damage).toBe(damage);
    if (damage !== '') expect(found.before).toEqual({});
  });

  test('what a host knows from the time when it was the other side does not concern it', () => {
    const client = { ...sound, ...sends };
    expect(trust(settings, fleet(recorded(client))).before).toEqual({});
    expect(trust({ ...settings, host: 'a' }, { a: recorded(client) }).before).toEqual(client);
    expect(trust({ ...settings, host: 'a' }, { a: recorded(sound) }).before).toEqual({});
  });
});

describe('what keeps a rotation from going on', () => {
  const hosts = (a: object, b: object): KnownOfHosts => ({ logs: {}, a, b });

  test.each<[string, object, boolean, readonly string[]]>([
    ['down', {}, false, ['b']],
    ['a proof', { log_proof: { milliseconds: 12 } }, false, []],
    ['no line arrived', { log_proof: { failed: true } }, false, ['b']],
    ['only looked at', { log_proof: { skipped: true } }, true, []],
    ['down, only looked at', {}, true, ['b']],
  ])('unproven: %s', (_what, b, check, unproven) => {
    const proven = { log_proof: { milliseconds: 1 } };
    expect(trust({ ...settings, check }, hosts(proven, b)).unproven).toEqual(unproven);
  });

  const sending = recorded({ mode: 'name', peers: ['x'], ...sends });
  test.each<[string, a: object, b: object, readonly string[]]>([
    ['nobody sends yet', {}, {}, []],
    [
      'one had nothing to change, the other is down',
      { ...sending, log_widening_needed: false, log_widened: true },
      sending,
      [],
    ],
    [
      'one was changed, the other failed before it',
      { ...sending, log_widening_needed: true, log_widened: true },
      sending,
      ['b'],
    ],
    [
      'one was only looked at, and would change',
      { ...sending, log_widening_needed: true, log_widened: false },
      {},
      ['a'],
    ],
    [
      'one was only looked at, and would not',
      { ...sending, log_widening_needed: false, log_widened: false },
      {},
      [],
    ],
    [
      'both were changed',
      { ...sending, log_widening_needed: true, log_widened: true },
      { ...sending, log_widening_needed: true, log_widened: true },
      [],
    ],
    [
      'a new client need not know',
      { ...sending, log_widening_needed: true, log_widened: true },
      { log_widening_needed: true },
      [],
    ],
  ])('unwidened: %s', (_what, a, b, unwidened) => {
    expect(trust(settings, hosts(a, b)).unwidened).toEqual(unwidened);
  });

  test('whether anything was set up, and whether fingerprints matter', () => {
    const old = recorded({ mode: 'fingerprint', peers: ['SHA1:x'] });
    expect(trust(settings, hosts({}, {}))).toMatchObject({ set_up: false, fingerprints_needed: false });
    expect(trust(settings, hosts(sending, {}))).toMatchObject({ set_up: true, fingerprints_needed: false });
    expect(trust(settings, hosts({}, old))).toMatchObject({ set_up: true, fingerprints_needed: true });
    expect(trust({ ...settings, client_mode: 'fingerprint' }, hosts({}, {})).fingerprints_needed).toBe(true);
  });
});

test('only what is needed is read of the hosts', () => {
  const unread = (name: string, known: object) =>
    new Proxy<Record<string, unknown>>(
      { ...known },
      {
        get(target, key) {
          if (key in target) return target[String(key)];
          throw new Error(`${name}.${String(key)} is not known yet`);
        },
      },
    );
  const known = {
    logs: unread('logs', { ansible_local: {} }),
    a: unread('a', { log_certificate_name: 'x' }),
    b: unread('b', {}),
  };
  expect(trust(settings, known).before).toEqual({});
  expect(trust({ ...settings, host: 'a' }, { a: unread('a', { ansible_local: {} }) }).wide.peers).toEqual([
    'log.example.com',
  ]);
  expect(() => trust(settings, known).narrow).toThrow('b.log_certificate_name is not known yet');
  expect(() => trust({ ...settings, server_mode: 'fingerprint' }, known).narrow).toThrow(
    'log_rsyslog_version is not known yet',
  );
});
