import { chmodSync, cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changedFiles, newest } from '../../../../../src/domains/tls-logs/probes/changed-files.ts';
import { daemonUser } from '../../../../../src/domains/tls-logs/probes/daemon-user.ts';
import { pem } from '../../../../../src/domains/tls-logs/probes/pem.ts';
import { store } from '../../../../../src/domains/tls-logs/probes/store.ts';
import { ProbeError } from '../../../../../src/probes/probe-error.ts';
import { answers } from '../../../probes/probe-host.ts';
import { FakeHost } from '../../../resources/fake-host.ts';
import { scratch, treeOf } from '../../../resources/file-tree.ts';
import { ShellHost } from '../../../resources/shell-host.ts';
import { hostileWords, shells } from '../../../resources/shells.ts';
import { OpensslAuthority } from '../certificates/openssl-authority.ts';

const made = new OpensslAuthority();
beforeAll(() => {
  for (const name of ['one', 'two']) made.root(name, 'subjectAltName=DNS:log.example.com');
});
afterAll(() => made.remove());

const key = (name: string) => readFileSync(join(made.directory, `${name}.key`), 'utf8');
const words = [...hostileWords, 'two\nlines', 'end\n', 'tab\t'];

/** Lays a version into a store. */
function lay(dest: string, version: string, name: string): void {
  mkdirSync(join(dest, version), { recursive: true });
  writeFileSync(join(dest, version, 'fullchain.pem'), made.pem(name), { mode: 0o644 });
  writeFileSync(join(dest, version, 'privkey.pem'), key(name), { mode: 0o600 });
}

// Where sed joins its files and find prints no times, as busybox's do.
const plain = `sed() { case "$1" in -s) return 1 ;; *) command sed "$@" ;; esac; }
find() { case "$*" in *-printf*) return 1 ;; *) command find "$@" ;; esac; }`;

describe.each([
  ...shells.map((shell) => [shell.join(' '), shell, ''] as const),
  ['sh with plain tools', ['sh', '-s'], plain] as const,
])('asked of %s', (_name, shell, functions) => {
  const fresh = scratch();
  const host = new ShellHost(shell, {}, functions);

  test('files of certificates: what is public of them, each for itself', async () => {
    const directory = fresh();
    const at = (name: string) => join(directory, name);
    const contents: Readonly<Record<string, string>> = {
      whole: made.pem('one'),
      unended: made.pem('one').trimEnd(),
      mixed: `note\n${key('one')}${made.pem('two')}${key('two').trimEnd()}`,
      cut: `-----BEGIN CERTIFICATE-----\nAAAA\n${key('one')}`,
      half: key('one').split('\n').slice(0, 2).join('\n'),
      marks: `-----BEGIN CERTIFICATE-----\n#\n!\nagain\n-----END CERTIFICATE-----\n`,
      other: '-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n',
      empty: '',
      nothing: 'x',
    };
    for (const [name, content] of Object.entries(contents)) writeFileSync(at(name), content);
    for (const word of words) writeFileSync(at(word), made.pem('two'));
    const names = [...Object.keys(contents), ...words, 'none'];
    const before = treeOf(directory);
    const found = await answers(host, [...names.map((name) => pem(at(name))), pem(directory)]);
    expect(treeOf(directory)).toEqual(before);
    const marked = '-----BEGIN PRIVATE KEY-----\n';
    const byName = new Map(names.map((name, index) => [name, found[index]]));
    const there = (text: string) => ({ kind: 'there', pem: text });
    expect(byName.get('whole')).toEqual(there(made.pem('one')));
    expect(byName.get('unended')).toEqual(there(made.pem('one')));
    expect(byName.get('mixed')).toEqual(there(`${marked}${made.pem('two')}${marked}`));
    expect(byName.get('cut')).toEqual(there(`-----BEGIN CERTIFICATE-----\nAAAA\n${marked}`));
    expect(byName.get('half')).toEqual(there(marked));
    expect(byName.get('marks')).toEqual(there(contents.marks ?? ''));
    expect(byName.get('other')).toEqual(there('-----BEGIN X509 CRL-----\n'));
    for (const name of ['empty', 'nothing']) expect(byName.get(name)).toEqual(there(''));
    for (const word of words) expect(byName.get(word), word).toEqual(there(made.pem('two')));
    expect(byName.get('none')).toEqual({ kind: 'missing' });
    expect(found.at(-1)).toEqual({ kind: 'directory' });
  });

  test('stores: all of them together, what is damaged in one beside the others', async () => {
    const directory = fresh();
    const [first, second] = ['20260101T000000Z', '20260201T000000Z-2'];
    const stores = words.map((word) => join(directory, word));
    for (const dest of stores) {
      for (const [version, name] of [
        [first, 'one'],
        [second, 'two'],
      ] as const)
        lay(dest, version, name);
      mkdirSync(join(dest, '20260301T000000Z bad'));
      symlinkSync(first, join(dest, '20260401T000000Z'));
      symlinkSync(second, join(dest, 'current'));
    }
    const odd = join(directory, 'odd');
    lay(odd, first, 'one');
    lay(odd, second, 'one');
    writeFileSync(join(odd, first, 'privkey.pem'), 'no key');
    writeFileSync(join(odd, first, 'fullchain.pem'), `${key('one')}x`);
    renameSync(join(odd, second, 'privkey.pem'), join(odd, 'gone'));
    symlinkSync('/nowhere', join(odd, 'current'));
    const before = treeOf(directory);
    const found = await answers(host, [
      ...stores.map((dest) => store({ dest, keys: 'public' })),
      store({ dest: odd, keys: 'public' }),
      store({ dest: join(directory, 'none'), keys: 'public' }),
      store({ dest: stores[0] ?? '', keys: 'sums' }),
    ]);
    expect(treeOf(directory)).toEqual(before);
    const none = { chainSum: '', keySum: '' };
    for (const seen of found.slice(0, stores.length)) {
      expect(seen).toMatchObject({
        current: second,
        versions: [
          { ...none, name: first, chain: made.pem('one'), publicKey: '' },
          { ...none, name: second, chain: made.pem('two'), publicKey: made.publicKey('two') },
        ],
      });
      expect(seen).toHaveProperty('versions.1.chainOwnership', expect.stringMatching(/^\w+:\w+ 644$/));
      expect(seen).toHaveProperty('versions.1.keyOwnership', expect.stringMatching(/^\w+:\w+ 600$/));
    }
    const [damaged, empty, sums] = found.slice(-3);
    expect(damaged).toMatchObject({
      current: '/nowhere',
      versions: [
        { chain: '-----BEGIN PRIVATE KEY-----\n', publicKey: '' },
        { chain: made.pem('one'), publicKey: '', keyOwnership: '' },
      ],
    });
    expect(empty).toEqual({ current: undefined, versions: [] });
    expect(sums).toMatchObject({
      versions: [{ publicKey: '' }, { chainSum: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    expect(JSON.stringify(found)).not.toContain(key('two').split('\n')[1]);
  });

  test('users of daemons, whatever their commands say', async () => {
    const commands = [
      undefined,
      'echo daemon',
      'echo nobody; echo root',
      'exit 3',
      "echo 'no such user'",
      'cat',
    ];
    const found = await answers(host, commands.map(daemonUser));
    expect(found.map((one) => (one instanceof ProbeError ? one : one.user))).toEqual([
      'root',
      'daemon',
      'nobody',
      'root',
      'no such user',
      'root',
    ]);
    expect(found[1]).toEqual({ user: 'daemon', group: 'daemon' });
    expect(found[4]).toEqual({ user: 'no such user', group: '' });
  });

  test('changed files: below each path, through links, by pattern', async () => {
    const directory = fresh();
    const at = (...names: readonly string[]) => join(directory, ...names);
    for (const word of words) {
      mkdirSync(at(word, 'd'), { recursive: true });
      writeFileSync(at(word, 'd', word), '');
      symlinkSync('d', at(word, 'link'));
      symlinkSync('link', at(word, 'far'));
    }
    const found = await answers(host, [
      ...words.map((word) => changedFiles([at(word, 'd'), at(word, 'none')])),
      ...words.map((word) => changedFiles([at(word, 'far', word)])),
      changedFiles([`${directory}/*/d`]),
      changedFiles([at('none')]),
    ]);
    const paths = found.map((one) =>
      one instanceof ProbeError ? one : [...new Set(one.map(({ path }) => path))].toSorted(),
    );
    for (const [index, word] of words.entries()) {
      expect(paths[index]).toEqual([at(word, 'd'), at(word, 'd', word)]);
      expect(paths[words.length + index]).toEqual(
        [at(word, 'far'), at(word, 'far', word), at(word, 'link')].toSorted(),
      );
    }
    expect(paths.at(-2)).toHaveLength(2 * words.length);
    expect(paths.at(-1)).toEqual([]);
  });
});

test('newest: not what is dated later than now, and a file before its directory', () => {
  const files = [
    { path: '/d', changed: 5 },
    { path: '/d/file', changed: 5 },
    { path: '/late', changed: 9 },
  ];
  expect(newest(files, 7)?.path).toBe('/d/file');
  expect(newest(files, 4)).toBeUndefined();
});

describe('many questions are few programs', () => {
  const fresh = scratch();
  const logging = (...names: readonly string[]) => {
    const real = (name: string) =>
      `for real in /usr/bin/${name} /bin/${name}; do [ ! -x "$real" ] || exec "$real" "$@"; done`;
    return new FakeHost(fresh(), Object.fromEntries(names.map((name) => [name, real(name)])));
  };
  const called = (host: FakeHost) =>
    host
      .calls()
      .map((line) => line.split(' ')[0])
      .filter((word) => /^[a-z0-9]+$/.test(word ?? ''))
      .toSorted();

  test('of stores, of certificates, of users and of files', async () => {
    const directory = fresh();
    const dests = [1, 2, 3, 4].map((n) => join(directory, `store${n}`));
    for (const dest of dests) {
      lay(dest, '20260101T000000Z', 'one');
      cpSync(join(dest, '20260101T000000Z'), join(dest, '20260201T000000Z'), { recursive: true });
      symlinkSync('20260201T000000Z', join(dest, 'current'));
    }
    const host = logging('stat', 'sed', 'openssl', 'readlink', 'id', 'find', 'cat', 'sha256sum');
    await answers(
      host,
      dests.map((dest) => store({ dest, keys: 'public' })),
    );
    expect(called(host)).toEqual(['openssl', 'openssl', 'openssl', 'openssl', 'sed', 'stat']);
    await answers(
      host,
      dests.map((dest) => store({ dest, keys: 'sums' })),
    );
    expect(called(host)).toEqual(['sed', 'sha256sum', 'stat']);
    await answers(
      host,
      dests.map((dest) => pem(join(dest, 'current/fullchain.pem'))),
    );
    expect(called(host)).toEqual(['sed']);
    await answers(
      host,
      dests.map((dest) => changedFiles([join(dest, '2026*')])),
    );
    expect(called(host)).toEqual(['find', 'find']);
    await answers(host, [daemonUser('echo daemon'), daemonUser('echo daemon'), daemonUser(undefined)]);
    expect(called(host)).toEqual(['id']);
  });

  test('a host that answers nonsense, or nothing, is an error and no more', async () => {
    const asks = [
      store({ dest: '/x', keys: 'public' }),
      pem('/x'),
      daemonUser('echo x'),
      changedFiles(['/x']),
    ];
    for (const stdout of ['', 'part owner\npart chain\n', 'store\nversion', 'of 0\0', 'there\n', '\0\n\0']) {
      for (const { kind, question } of asks) {
        const read = kind.read({ code: 0, stdout, stderr: '' }, [question, question]);
        expect(read).toHaveLength(2);
        expect(read.some((one) => one instanceof ProbeError || stdout !== '')).toBe(true);
      }
    }
  });

  test.skipIf(process.getuid?.() !== 0)('what may not be read does not spoil its neighbours', async () => {
    const directory = fresh();
    chmodSync(directory, 0o755);
    lay(join(directory, 'open'), '20260101T000000Z', 'one');
    lay(join(directory, 'shut'), '20260101T000000Z', 'one');
    chmodSync(join(directory, 'shut/20260101T000000Z'), 0o700);
    writeFileSync(join(directory, 'secret'), made.pem('one'), { mode: 0o600 });
    chmodSync(join(directory, 'open/20260101T000000Z/privkey.pem'), 0o644);
    const stranger = new ShellHost(['setpriv', '--reuid=65534', '--clear-groups', 'sh', '-s']);
    const [open, shut, secret, fine] = await answers(stranger, [
      store({ dest: join(directory, 'open'), keys: 'public' }),
      store({ dest: join(directory, 'shut'), keys: 'public' }),
      pem(join(directory, 'secret')),
      pem(join(directory, 'open/20260101T000000Z/fullchain.pem')),
    ]);
    expect(open).toMatchObject({ versions: [{ chain: made.pem('one'), publicKey: made.publicKey('one') }] });
    expect(shut).toMatchObject({ versions: [{ chain: '', publicKey: '', keyOwnership: '' }] });
    expect(secret).toEqual({ kind: 'unreadable' });
    expect(fine).toEqual({ kind: 'there', pem: made.pem('one') });
  });
});
