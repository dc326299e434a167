import { describe, expect, test } from 'vitest';
import { packageChanges } from '../../../src/resources/apt/apt-change.ts';
import { readAptName, versionFits } from '../../../src/resources/apt/apt-name.ts';
import { packageScript } from '../../../src/resources/apt/apt-script.ts';
import type { PackageState } from '../../../src/resources/apt/apt-state.ts';
import { listsAreStale } from '../../../src/resources/apt/apt-state.ts';
import { apt } from '../../../src/resources/apt.ts';
import { FakeHost } from '../../helpers/resources/fake-host.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();

const bare: PackageState = {
  apt: true,
  other: undefined,
  known: [
    { name: 'rsyslog', architecture: 'amd64', status: 'installed', version: '8.2302.0-1' },
    { name: 'libc6', architecture: 'amd64', status: 'installed', version: '2.36-9' },
    { name: 'nano', architecture: 'amd64', status: 'config-files', version: '7.2-1' },
  ],
  provided: new Set(['mail-transport-agent']),
  candidates: new Map([
    ['rsyslog', '8.2302.0-2'],
    ['libc6', '2.36-9'],
    ['gone', '(none)'],
  ]),
  lists: true,
  listsAge: 100,
  simulated: [],
  file: undefined,
};

test.each([
  [undefined, '1.2', true],
  ['1.2', '1.2', true],
  ['1.2', '1.2-1', false],
  ['1.2*', '1.2-1', true],
  ['1.*-1', '1.2.3-1', true],
  ['1.*-1', '1.2.3-2', false],
  ['*', 'anything', true],
  ['1.2*2', '1.2', false],
])('version %s fits %s: %s', (wanted, installed, fits) => {
  expect(versionFits(wanted, installed)).toBe(fits);
});

test('a name is taken apart', () => {
  expect(readAptName(' libc6:i386=2:1.0~rc1 ')).toEqual({
    text: 'libc6:i386=2:1.0~rc1',
    name: 'libc6',
    architecture: 'i386',
    version: '2:1.0~rc1',
  });
});

describe('what differs', () => {
  test.each([
    [{ name: 'rsyslog' }, []],
    [{ name: ['rsyslog', 'rsyslog-openssl'] }, ['rsyslog-openssl: absent -> installed']],
    [{ name: 'rsyslog, rsyslog-openssl' }, ['rsyslog-openssl: absent -> installed']],
    [{ name: 'nano' }, ['nano: config-files -> installed']],
    [{ name: 'nano', state: 'absent' }, []],
    [{ name: 'nano', state: 'absent', purge: true }, ['nano: config-files -> purged']],
    [{ name: 'rsyslog', state: 'absent' }, ['rsyslog: 8.2302.0-1 -> absent']],
    [{ name: 'other', state: 'absent' }, []],
    [{ name: 'rsyslog=8.2302.0-1' }, []],
    [{ name: 'rsyslog=8.2302*' }, []],
    [{ name: 'rsyslog=9.0' }, ['rsyslog: 8.2302.0-1 -> 9.0']],
    [{ name: 'rsyslog', state: 'latest' }, ['rsyslog: 8.2302.0-1 -> 8.2302.0-2']],
    [{ name: 'libc6', state: 'latest' }, []],
    [{ name: 'libc6:amd64' }, []],
    [{ name: 'libc6:i386' }, ['libc6:i386: absent -> installed']],
    [{ name: 'mail-transport-agent' }, []],
    [{ name: 'mail-transport-agent', state: 'absent' }, []],
    [{ name: 'other', only_upgrade: true, state: 'latest' }, []],
    [{ name: [] }, []],
    [{ name: '*' }, []],
    [{ name: '*', state: 'absent' }, []],
  ])('%j', (value, expected) => {
    const changes = packageChanges(prepared(apt, value) as never, bare);
    expect(
      changes.map(({ attribute, from, to }) => `${attribute.replace(/^package /, '')}: ${from} -> ${to}`),
    ).toEqual(expected);
  });

  test.each([
    [{ update_cache: true }, 100, false],
    [{ update_cache: true }, 3601, true],
    [{ update_cache: true }, undefined, true],
    [{ cache_valid_time: 60, update_cache: false }, 101, true],
    [{ cache_valid_time: 0, update_cache: true }, 61, true],
    [{ cache_valid_time: 0, update_cache: true }, 5, false],
    [{ name: 'x' }, 1e9, false],
  ])('%j, lists of %s s ago: to be fetched %s', (value, listsAge, stale) => {
    expect(listsAreStale(prepared(apt, value) as never, { ...bare, listsAge })).toBe(stale);
  });

  test.each([
    [{ update_cache: true }, ['package lists']],
    [{ name: 'rsyslog', update_cache: true }, []],
    [{ name: 'libc6', state: 'latest', update_cache: true }, ['package lists']],
    [{ upgrade: 'dist', update_cache: true }, ['package lists']],
  ])('%j with old lists', (value, expected) => {
    const changes = packageChanges(prepared(apt, value) as never, { ...bare, listsAge: 1e6 });
    expect(changes.map(({ attribute }) => attribute)).toEqual(expected);
  });

  test('all that is installed is not upgraded beside what is to be installed', () => {
    const want = prepared(apt, { name: ['*', 'other'], state: 'latest' }) as never;
    expect(apt.refuse?.(want, bare as never)).toEqual([expect.stringContaining('need a task of their own')]);
  });

  test('a simulation is reported as changes', () => {
    const simulated = [
      'Inst libc6 [2.36-9] (2.36-10 Debian:12 [amd64])',
      'Inst new (1.0 Debian:12 [amd64])',
      'Remv old [0.9]',
    ];
    expect(packageChanges({ upgrade: 'dist' }, { ...bare, simulated })).toEqual([
      { attribute: 'package libc6', from: '2.36-9', to: '2.36-10' },
      { attribute: 'package new', from: 'absent', to: '1.0' },
      { attribute: 'package old', from: '0.9', to: 'absent' },
    ]);
  });

  test.each([
    ['1.0', []],
    ['0.9', ['package mine']],
    [undefined, ['package mine']],
  ])('a .deb of version 1.0 over %s', (version, expected) => {
    const known =
      version === undefined ? [] : [{ name: 'mine', architecture: 'all', status: 'installed', version }];
    const file = { name: 'mine', architecture: 'all', status: '', version: '1.0' };
    const changes = packageChanges({ deb: '/x.deb' }, { ...bare, known, file });
    expect(changes.map(({ attribute }) => attribute)).toEqual(expected);
  });
});

// dpkg-query and apt-get that know what files say; apt-get obeys $FAKE/rule.
function host(rule = ''): FakeHost {
  const fake = new FakeHost(fresh(), {
    'dpkg-query': `case "$*" in *Provides*) cat "$FAKE/provides" 2>/dev/null ;; *) cat "$FAKE/known" 2>/dev/null ;; esac`,
    'apt-get': `echo "$DEBIAN_FRONTEND $LC_ALL"\n${rule}`,
    'apt-cache': 'cat "$FAKE/policy"',
    touch: ':',
    sleep: ':',
  });
  return fake;
}

const getCalls = (fake: FakeHost) =>
  fake
    .calls()
    .filter((call) => call.startsWith('apt-get'))
    .map((call) => call.replace(/ \[-q\] \[-y\] \[-o\] \[Acquire::Retries=3\]( \[-o\] \[Dpkg[^\]]*\])*/, ''));

describe('what is done', () => {
  const run = async (fake: FakeHost, value: object, have: Partial<PackageState> = {}) => {
    const want = prepared(apt, value) as never;
    const state = { ...bare, ...have };
    return fake.run(packageScript(want, packageChanges(want, state), state));
  };

  test.each([
    [{ name: ['a', 'b'] }, {}, ['apt-get [install] [--] [a] [b]']],
    [
      { name: 'a=1.*', install_recommends: false, allow_downgrade: true, default_release: 'sid' },
      {},
      ['apt-get [install] [--no-install-recommends] [--allow-downgrades] [-t] [sid] [--] [a=1.*]'],
    ],
    [
      { name: ['rsyslog', 'other'], state: 'absent', purge: true, autoremove: true },
      {},
      ['apt-get [purge] [--auto-remove] [--] [rsyslog]'],
    ],
    [
      { name: 'a', update_cache: true },
      { listsAge: 1e6 },
      ['apt-get [update] [-o] [APT::Update::Error-Mode=any]', 'apt-get [install] [--] [a]'],
    ],
    [{ name: 'a', update_cache: true }, {}, ['apt-get [install] [--] [a]']],
    [
      { name: 'a' },
      { lists: false, listsAge: undefined },
      ['apt-get [update] [-o] [APT::Update::Error-Mode=any]', 'apt-get [install] [--] [a]'],
    ],
    [{ upgrade: 'dist' }, { simulated: ['Inst a (1)'] }, ['apt-get [dist-upgrade]']],
    [
      { name: '*', state: 'latest' },
      { simulated: ['Inst a [1] (2)'] },
      ['apt-get [upgrade] [--with-new-pkgs]'],
    ],
    [{ autoremove: true, purge: true }, { simulated: ['Purg a [1]'] }, ['apt-get [autoremove] [--purge]']],
    [{ deb: '/x y.deb' }, {}, ['apt-get [install] [--] [/x y.deb]']],
    [{ clean: true }, { files: 3 }, ['apt-get [clean]']],
    [{ autoclean: true }, { simulated: ['Del a 1 [9 kB]'] }, ['apt-get [autoclean]']],
    [
      { name: 'a', force: true, fail_on_autoremove: true },
      {},
      [
        'apt-get [install] [--no-remove] [--allow-unauthenticated] [--allow-downgrades] [--allow-remove-essential] [--allow-change-held-packages] [--] [a]',
      ],
    ],
  ])('%j', async (value, have, expected) => {
    const fake = host();
    const { code, stdout } = await run(fake, value, have);
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'noninteractive C.UTF-8']);
    expect(getCalls(fake)).toEqual(expected);
  });

  test('services are kept from starting, and the own answer of the host comes back', () => {
    const want = prepared(apt, { name: 'a', policy_rc_d: 101 }) as never;
    const script = packageScript(want, packageChanges(want, bare), bare);
    expect(script).toContain("printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d");
    expect(script).toContain('trap provision_policy EXIT');
    expect(script.indexOf('provision_policy EXIT')).toBeLessThan(script.indexOf('provision_get install'));
  });

  test('a package that the lists do not know: they are fetched, once, and it is tried again', async () => {
    const fake = host(`case "$*" in
*update*) : >"$FAKE/updated" ;;
*) [ -e "$FAKE/updated" ] || { echo 'E: Unable to locate package a' >&2; exit 100; } ;;
esac`);
    expect((await run(fake, { name: 'a' })).code).toBe(0);
    expect(getCalls(fake).map((call) => call.split(' ')[1])).toEqual(['[install]', '[update]', '[install]']);
  });

  test('a package that nobody knows fails with what apt says', async () => {
    const fake = host(`case "$*" in *install*) echo 'E: Unable to locate package a' >&2; exit 100 ;; esac`);
    expect(await run(fake, { name: 'a' })).toMatchObject({
      code: 100,
      stderr: expect.stringContaining('Unable to locate package a'),
    });
    expect(getCalls(fake)).toHaveLength(3);
  });

  test('any other failure is not tried again', async () => {
    const fake = host(`echo 'E: Sub-process /usr/bin/dpkg returned an error code (1)' >&2; exit 100`);
    expect((await run(fake, { name: 'a' })).code).toBe(100);
    expect(getCalls(fake)).toHaveLength(1);
  });

  const locked = `E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 42 (unattended-upgr)`;

  test("another program's lock is waited for", async () => {
    const fake = host(
      `echo x >>"$FAKE/tries"; [ "$(grep -c x "$FAKE/tries")" -ge 3 ] || { echo '${locked}' >&2; exit 100; }`,
    );
    expect((await run(fake, { name: 'a' })).code).toBe(0);
    expect(getCalls(fake)).toHaveLength(3);
  });

  test('and in the end the failure names who holds it', async () => {
    const fake = host(`echo '${locked}' >&2; exit 100`);
    const { code, stderr } = await run(fake, { name: 'a', lock_timeout: 0 });
    expect([code, stderr]).toEqual([100, expect.stringContaining('held by process 42 (unattended-upgr)')]);
  });
});

describe('the probe', () => {
  test('asks dpkg alone, and who provides what is missing', async () => {
    const fake = host();
    fake.write('known', 'known\tinstalled\trsyslog\tamd64\t8.1\n');
    fake.write('provides', 'installed mail-transport-agent, smtp (= 1)\ninstalled \nremoved x\n');
    const { have, changes } = await fake.plan(apt, {
      name: ['rsyslog', 'smtp', 'mail-transport-agent', 'x'],
    });
    expect(changes).toEqual([{ attribute: 'package x', from: 'absent', to: 'installed' }]);
    expect(have).toMatchObject({ apt: true, known: [{ name: 'rsyslog', version: '8.1' }] });
    expect(fake.calls().filter((call) => /^apt/.test(call))).toEqual([]);
  });

  test('latest asks apt for candidates, without a cache to write', async () => {
    const fake = host();
    fake.write('known', 'known\tinstalled\trsyslog\tamd64\t8.1\n');
    fake.write('policy', 'rsyslog:\n  Installed: 8.1\n  Candidate: 8.2\n  Version table:\n');
    const { changes } = await fake.plan(apt, { name: 'rsyslog', state: 'latest' });
    expect(changes).toEqual([{ attribute: 'package rsyslog', from: '8.1', to: '8.2' }]);
    expect(fake.calls().find((call) => call.startsWith('apt-cache'))).toContain('[Dir::Cache::pkgcache=]');
  });

  test('a host without apt is refused by the name of what it has', async () => {
    const fake = new FakeHost(fresh(), { dnf: ':', command: ':' });
    // The fakes alone: this machine may have apt.
    const have = await fake.look(
      apt,
      prepared(apt, { name: 'x' }),
      { contents: false },
      (script) => `PATH=\${PATH%%:*}\n${script}`,
    );
    expect(apt.refuse?.({ name: ['x'] }, have as never).join()).toMatch(/no apt, but dnf/);
  });

  test('a .deb that is not there is refused', () => {
    expect(apt.refuse?.({ deb: '/x.deb' } as never, bare).join()).toMatch(/does not exist/);
  });
});

test.each([
  [{}, /needs/],
  [{ name: 'a', deb: '/x.deb' }, /only one of/],
  [{ name: '-o evil' }, /name/],
  [{ name: 'a; touch x' }, /name/],
  [{ name: 'a', state: 'installed' }, /state/],
  [{ deb: 'x.deb' }, /deb/],
])('its schema refuses %j', (value, message) => {
  expect(() => prepared(apt, value)).toThrow(message);
});
