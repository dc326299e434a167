import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changedFiles, newest } from '../../../../../src/domains/tls-logs/probes/changed-files.ts';
import { daemonUser } from '../../../../../src/domains/tls-logs/probes/daemon-user.ts';
import { pem } from '../../../../../src/domains/tls-logs/probes/pem.ts';
import { store } from '../../../../../src/domains/tls-logs/probes/store.ts';
import { ProbeError } from '../../../../../src/probes/probe-error.ts';
import { answers } from '../../../../helpers/probes/probe-host.ts';
import { scratch, treeOf } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../../../helpers/shell/shells.ts';
import { layVersion } from '../../../../helpers/tls-logs/lay-version.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
beforeAll(() => {
  for (const name of ['one', 'two']) made.root(name, 'subjectAltName=DNS:log.example.com');
});
afterAll(() => made.remove());

const key = (name: string) => readFileSync(join(made.directory, `${name}.key`), 'utf8');
const words = [...hostileWords, 'two\nlines', 'end\n', 'tab\t'];

const lay = (dest: string, version: string, name: string) =>
  layVersion(dest, version, { pem: made.pem(name), key: key(name) });

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
