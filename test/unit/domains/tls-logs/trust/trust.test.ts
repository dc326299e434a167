import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { trust } from '../../../../../src/domains/tls-logs/trust/trust.ts';
import type { KnownOfHosts, TrustSettings } from '../../../../../src/domains/tls-logs/trust/trust-model.ts';
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

describe('what was revoked does not wait for who is not there', () => {
  const revoked = (name: string, more: object = {}) => ({
    ...{ serial: `0${name}`, names: [name], sha256: name, sha1: name, issuer: 'CA1' },
    ...more,
  });
  const proven = { log_proof: { milliseconds: 1 } };
  const kept = { kept: 1, kept_revoked: ['CA1'] };
  const look = (...some: readonly object[]) => ({ log_issued: { present: 'CA2', revoked: some } });
  const lookOld = (...some: readonly object[]) => ({
    log_issued: { ...kept, present: 'CA2', revoked: some },
    log_client_private_root: kept,
  });
  const was = (record: object, ...some: readonly object[]) => recorded(record, look(...some));
  const names3 = { mode: 'name', peers: ['a.lab', 'b', 'h4'] };

  test.each<[what: string, server: object, b: object, closing: object, pressed: readonly string[]]>([
    ['nothing is revoked: all wait', was(names3), {}, { width: '', waiting: [] }, ['a.lab', 'b', 'h4']],
    ['all are there', was(names3, revoked('h4')), proven, { width: 'narrow', waiting: [] }, names],
    [
      'a name alone: nobody else is refused',
      was(names3, revoked('H4')),
      {},
      { width: 'pressed', waiting: [] },
      names,
    ],
    [
      'its CA goes, and who has a certificate of it is refused',
      { ...was(names3), ...lookOld(revoked('h4')) },
      {},
      { width: 'pressed', waiting: ['b'] },
      names,
    ],
    [
      'who is refused already stays so, and nothing is changed',
      was({ mode: 'name', peers: names, waiting: ['b', 'gone'].slice(0, 1) }, revoked('h4')),
      {},
      { width: '', waiting: ['b'] },
      names,
    ],
    [
      'who has caught up is refused no longer, whoever else is',
      was({ mode: 'name', peers: names, waiting: ['a', 'b'] }),
      {},
      { width: 'pressed', waiting: ['b'] },
      names,
    ],
    [
      'the last one has caught up',
      was({ mode: 'name', peers: names, waiting: ['b'] }),
      proven,
      { width: 'narrow', waiting: [] },
      names,
    ],
    [
      'a host that stays: its name is wanted',
      was({ mode: 'name', peers: names }, revoked('b')),
      {},
      { width: '', waiting: [] },
      names,
    ],
  ])('%s', (_what, server, b, closing, pressed) => {
    const hosts = { ...fleet(server), a: { log_certificate_name: 'a.lab', ...proven }, b };
    const found = trust(settings, hosts);
    expect(found.closing).toEqual(closing);
    expect(found.pressed.peers).toEqual(pressed);
  });

  test('fingerprints of who is not there stay, but for the revoked ones', () => {
    const before = { mode: 'fingerprint', peers: ['SHA256:A', 'SHA256:gone', 'SHA256:stolen'] };
    const print = { ...settings, server_mode: 'fingerprint' } as const;
    const hosts = {
      ...fleet(was(before, revoked('b', { sha256: 'STOLEN' }))),
      b: {},
      a: { ...certificate('A'), ...proven },
    };
    expect(trust(print, hosts).closing).toEqual({ width: 'pressed', waiting: [] });
    expect(trust({ ...print, width: 'pressed' }, hosts).permitted.peers).toEqual(['SHA256:A', 'SHA256:gone']);
  });

  test('where a record of old does not say the SHA-1, nobody stays that is known by it', () => {
    const before = { mode: 'fingerprint', peers: ['SHA1:gone', 'SHA256:gone'] };
    const hosts = fleet(was(before, revoked('b', { sha1: undefined })));
    expect(trust({ ...settings, server_mode: 'fingerprint' }, hosts).pressed.peers).toEqual([
      ...prints,
      'SHA256:gone',
    ]);
  });

  test('a client waits for nobody but itself', () => {
    const root = { log_server_private_root: { kept: 1, kept_revoked: ['CA1'] } };
    const hosts = { ...fleet(look(revoked('h4'))), a: { ...root, ...proven }, b: root };
    expect(trust({ ...settings, host: 'a' }, hosts).closing).toEqual({ width: 'pressed', waiting: [] });
    expect(trust({ ...settings, host: 'b' }, hosts).closing).toEqual({ width: '', waiting: [] });
  });

  test('who is refused is worked out once, remembered, and known to the client', () => {
    const record = { mode: 'name', peers: names, waiting: ['b', 'x'] };
    const hosts = fleet(recorded(record, { log_closing: { width: 'pressed', waiting: ['a'] } }));
    const waiting = (width: TrustSettings['width']) => trust({ ...settings, width }, hosts).waiting;
    expect([waiting('wide'), waiting('pressed'), waiting('narrow')]).toEqual([['b'], ['a'], []]);
    const refused = (host: string) => trust({ ...settings, host }, hosts).refused;
    expect([refused('a'), refused('b')]).toEqual([false, true]);
    expect(trust(settings, fleet(recorded({ ...record, waiting: 'b' }))).damage).toBe(
      'it does not say which clients are refused',
    );
  });

  const version = (stdout: string) => ({ log_rsyslog_version: { stdout } });
  const unenforced = 'the list of permitted peers is not enforced there (driver ossl, rsyslog before 8.2602)';
  test.each<
    [what: string, some: Partial<TrustSettings>, server: object, one: object, why: string | undefined]
  >([
    ['a CA that is gone', {}, {}, revoked('h4'), undefined],
    [
      'a CA that is kept',
      { driver: 'gtls' },
      { ...lookOld(revoked('h4')), ...recorded(names3) },
      revoked('h4'),
      'the name h4 is permitted',
    ],
    ['of an old record', {}, lookOld(revoked('h4', { issuer: undefined })), revoked('h4'), unenforced],
    [
      'the CA of today, a wanted name',
      { driver: 'gtls' },
      {},
      revoked('b', { issuer: 'CA2' }),
      'the name b is permitted',
    ],
    ['the CA of today, another name', { driver: 'gtls' }, {}, revoked('h4', { issuer: 'CA2' }), undefined],
    ['a list that is not enforced', {}, {}, revoked('h4', { issuer: 'CA2' }), unenforced],
    ['a list that is enforced', {}, version('8.2602.0'), revoked('h4', { issuer: 'CA2' }), undefined],
    ['with RELP it is', { transport: 'relp' }, {}, revoked('h4', { issuer: 'CA2' }), undefined],
    [
      'certvalid',
      { server_mode: 'certvalid' },
      version('8.2602.0'),
      revoked('h4', { issuer: 'CA2' }),
      'every certificate of its CA is let in',
    ],
    [
      'anon: there is nothing to shut out',
      { server_mode: 'anon' },
      {},
      revoked('h4', { issuer: 'CA2' }),
      undefined,
    ],
    [
      'GnuTLS asks for fingerprints alone',
      { driver: 'gtls', server_mode: 'fingerprint' },
      recorded({ mode: 'fingerprint', peers: ['SHA256:h4'] }),
      revoked('h4'),
      'its fingerprint is permitted',
    ],
  ])('let in: %s', (_what, some, server, one, why) => {
    const hosts = fleet({ ...look(one), ...server });
    expect(trust({ ...settings, ...some }, hosts).let_in.map((found) => found.why)).toEqual(
      why === undefined ? [] : [why],
    );
    expect(trust({ ...settings, ...some, host: 'a' }, hosts).let_in).toEqual([]);
  });

  test('what is left to do is said in sentences', () => {
    const record = { mode: 'certvalid', peers: [], waiting: ['b'] };
    const look2 = {
      log_issued: { ...kept, present: 'CA2', revoked: [revoked('h4'), revoked('b', { issuer: 'CA2' })] },
    };
    const { unfinished, revoked: sentences } = trust(settings, fleet({ ...recorded(record), ...look2 }));
    expect(unfinished).toEqual([
      'the revoked certificate of h4 (0h4) is let in, for every certificate of its CA is let in',
      "clients are still judged by 'certvalid', not yet by 'name'",
      '1 CA certificate is trusted still beside the wanted one',
      'b is refused until a run reaches it: the CA of before had to go',
    ]);
    expect(sentences).toEqual([
      'the revoked certificate of b (0b) is let in, for every certificate of its CA is let in',
    ]);
    const more = Array.from({ length: 7 }, (_, n) => `old${n}`);
    expect(trust(settings, fleet(recorded({ mode: 'name', peers: [...names, ...more] }))).unfinished).toEqual(
      ['old0, old1, old2, old3, old4 and 2 more are permitted still'],
    );
    expect(trust(settings, fleet(recorded({ mode: 'name', peers: names }))).unfinished).toEqual([]);
    const print = { mode: 'fingerprint', peers: ['SHA256:x'] };
    expect(trust({ ...settings, server_mode: 'fingerprint' }, fleet(recorded(print))).unfinished).toEqual([]);
    expect(trust(settings, fleet()).unfinished).toEqual([]);
  });

  test('what is left to do on a client: how it knows the log server, and by which CA', () => {
    const client = { ...settings, host: 'a', server_mode: 'fingerprint' as const };
    const record = { ...sends, mode: 'fingerprint', peers: ['SHA256:x'] };
    const hosts = { ...fleet(), a: { ...recorded(record), log_server_root: { kept: 2 } } };
    expect(trust(client, hosts).unfinished).toEqual([
      "the log server is still judged by 'fingerprint', not yet by 'name'",
      '2 CA certificates are trusted still beside the wanted one',
    ]);
    const named = { ...record, mode: 'name', peers: ['log.example.com', 'old.example.com'] };
    expect(trust(client, { ...hosts, a: recorded(named) }).unfinished).toEqual([
      'old.example.com is permitted still',
    ]);
    // What the log server is waiting for is no trouble of its clients.
    expect(
      trust(client, { ...fleet(recorded({ mode: 'fingerprint', peers: [], waiting: ['b'] })) }).unfinished,
    ).toEqual([]);
  });

  test('who belongs to the log', () => {
    expect(trust({ ...settings, permitted: ['printer'] }, fleet()).known_names).toEqual([
      'a.lab',
      'b',
      'log.example.com',
      'printer',
    ]);
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

describe('a host that another log has already', () => {
  // What the host has written down, this log's settings, and what is said of the other log.
  test.each<[what: string, record: object, more: Partial<TrustSettings>, foreign: string]>([
    ['nothing was set up', {}, {}, ''],
    ['one of them is here', { mode: 'name', peers: ['x', 'b'] }, {}, ''],
    ['one of them is here under a longer name', { mode: 'name', peers: ['x', 'B.example.com'] }, {}, ''],
    ['one of them is here, by its certificate', { mode: 'name', peers: ['a.lab'] }, {}, ''],
    ['one of them is the server now', { mode: 'name', peers: ['logs', 'x'] }, {}, ''],
    [
      'one of them is permitted by hand',
      { mode: 'name', peers: ['printer'] },
      { permitted: ['printer'] },
      '',
    ],
    ['none of them is here', { mode: 'name', peers: ['x', 'y'] }, {}, 'is the log server of x, y'],
    [
      'none is, and it is a client here',
      { mode: 'name', peers: ['x'] },
      { servers: ['a'], clients: ['logs'] },
      'is the log server of x',
    ],
    ['it sends to another log', { mode: 'name', peers: ['x'], ...sends }, {}, 'sends its log to x'],
    ['it is a client of this log', { mode: 'name', peers: ['log.lab'], ...sends }, {}, ''],
    ['it is a client that gets another server', { mode: 'name', peers: ['x'], ...sends }, { host: 'a' }, ''],
    ['it lets in a wildcard', { mode: 'name', peers: ['*.lab'] }, {}, ''],
    ['it knows fingerprints', { mode: 'fingerprint', peers: ['SHA256:X'] }, {}, ''],
    ['all show one certificate', { mode: 'name', peers: ['x'] }, { shared: true }, ''],
    ['its record is damaged', { mode: 'name', peers: 'x' }, {}, ''],
  ])('%s', (_what, record, more, foreign) => {
    expect(
      trust(
        { ...settings, ...more },
        { ...fleet(recorded(record)), a: recorded(record, { log_certificate_name: 'a.lab' }) },
      ).foreign,
    ).toBe(foreign);
  });
});
