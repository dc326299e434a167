import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { path } from '../../../src/probes/path.ts';
import { type PathOptions, sumNames } from '../../../src/probes/path-question.ts';
import { ProbeError } from '../../../src/probes/probe-error.ts';
import { answers, one, sectionsOf } from '../../helpers/probes/probe-host.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { type Shell, ShellHost } from '../../helpers/resources/shell-host.ts';
import { busyboxTools } from '../../helpers/shell/busybox-tools.ts';
import { hostileWords, shells } from '../../helpers/shell/shells.ts';

const fresh = scratch();
const words = [...hostileWords, 'two\nlines', 'end\n', '\nbegin', 'back\\slash', 'tab\there', 'a\rb', "it's"];
const text = { most: 1000 };
const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n';
const hash = (name: string, content: string) => createHash(name).update(content).digest('hex');
const machines: readonly (readonly [string, (directory: string) => Shell])[] = [
  ...shells.map((shell) => [shell.join(' '), () => shell] as const),
  ...shells
    .filter(([command]) => command === 'busybox')
    .map((shell) => {
      const own = (directory: string): Shell => [
        'env',
        `PATH=${busyboxTools(directory)}`,
        `/usr/bin/${shell[0]}`,
        'sh',
        '-s',
      ];
      return ['busybox and its own tools', own] as const;
    }),
];

describe.each(machines)('a host with %s', (_name, shell) => {
  test('hostile names are names, in one section', async () => {
    const directory = fresh();
    const host = new ShellHost(shell(directory));
    for (const word of words) {
      const at = `${directory}/${word}`;
      mkdirSync(at);
      writeFileSync(`${at}/${word}`, `${word}\n`, { mode: 0o640 });
      symlinkSync(`../${word}/${word}`, `${at}/link ${word}`);
    }
    const asks = words.flatMap((word) => {
      const at = `${directory}/${word}`;
      return [
        path(at, { inside: word, text }),
        path(`${at}/link ${word}`, { follow: true, text }),
        path(`${at}/link ${word}`, { leads: true }),
        path(`${at}/none`, { inside: word, sum: 'sha256', text }),
      ];
    });
    expect(sectionsOf(asks)).toHaveLength(1);
    const given = await answers(host, asks);
    for (const [index, word] of words.entries()) {
      const at = `${directory}/${word}`;
      const file = { target: `${at}/${word}`, content: Buffer.from(`${word}\n`) };
      const [inside, link, whole, none] = given.slice(index * 4);
      expect(inside).toMatchObject({ ...file, stat: { kind: 'file', mode: 0o640 } });
      expect(link).toMatchObject({ ...file, stat: { kind: 'file', size: file.content.length } });
      expect(whole).toMatchObject({ points: `../${word}/${word}`, leads: `${at}/${word}` });
      expect(none).toMatchObject({ target: `${at}/none`, stat: { kind: 'absent' } });
    }
  });

  test('sums of hostile names', async () => {
    const directory = fresh();
    const host = new ShellHost(shell(directory));
    const asks = words.map((word, index) => {
      writeFileSync(`${directory}/${word}`, word);
      return path(`${directory}/${word}`, { sum: sumNames[index % sumNames.length] });
    });
    const sums = (await answers(host, asks)).map((answer) =>
      answer instanceof ProbeError ? answer : answer.sum,
    );
    expect(sums).toEqual(words.map((word, index) => hash(sumNames[index % sumNames.length] ?? '', word)));
  });

  test('kinds of things, and what links lead to, beside each other', async () => {
    const directory = fresh();
    const host = new ShellHost(shell(directory));
    execFileSync('mkfifo', [`${directory}/fifo`]);
    writeFileSync(`${directory}/file`, 'x');
    symlinkSync('file', `${directory}/link`);
    symlinkSync(`${directory}/nowhere`, `${directory}/dangling`);
    symlinkSync('no/where', `${directory}/lost`);
    symlinkSync('loop', `${directory}/loop`);
    symlinkSync('fifo', `${directory}/to fifo`);
    const all: PathOptions = { sum: 'sha256', text: { most: 100, secrets: true }, access: true, leads: true };
    const ask = (name: string) => path(name.startsWith('/') ? name : `${directory}/${name}`, all);
    const rows = await answers(host, [
      ask('fifo'),
      ask('file'),
      ask('link'),
      ask('dangling'),
      ask('lost'),
      ask('loop'),
      ask('to fifo'),
      ask('/dev/zero'),
      ask('/'),
      ask('file/below'),
      path(`${directory}/dangling`, { follow: true }),
      path(`${directory}/lost`, { follow: true }),
      path(`${directory}/loop`, { follow: true }),
    ]);
    expect(
      rows.map((row) =>
        row instanceof ProbeError
          ? row.message.replace(directory, '')
          : [
              row.stat.kind,
              row.behind.kind,
              row.points?.replace(directory, ''),
              row.leads?.replace(directory, ''),
              row.sum?.slice(0, 4),
            ],
      ),
    ).toEqual([
      ['fifo', 'fifo', undefined, undefined, undefined],
      ['file', 'file', undefined, undefined, '2d71'],
      ['link', 'file', 'file', '/file', '2d71'],
      ['link', 'absent', '/nowhere', '/nowhere', undefined],
      ['link', 'absent', 'no/where', undefined, undefined],
      ['link', 'absent', 'loop', undefined, undefined],
      ['link', 'fifo', 'fifo', '/fifo', undefined],
      ['character', 'character', undefined, undefined, undefined],
      ['directory', 'directory', undefined, undefined, undefined],
      ['absent', 'absent', undefined, undefined, undefined],
      ['absent', 'absent', undefined, undefined, undefined],
      '/lost is a link that leads nowhere',
      '/loop is a link that leads nowhere',
    ]);
    expect(rows.slice(0, 3)).toMatchObject([
      {},
      { content: Buffer.from('x') },
      { content: Buffer.from('x') },
    ]);
    expect(rows[10]).toMatchObject({ target: `${directory}/nowhere` });
  });

  test('a content is sent only when it is wanted and harmless', async () => {
    const directory = fresh();
    const host = new ShellHost(shell(directory));
    const ask = (name: string, content: string, wish: object) => {
      writeFileSync(`${directory}/${name}`, content);
      return path(`${directory}/${name}`, { text: { ...text, ...wish } });
    };
    symlinkSync('long', `${directory}/link`);
    const asks = [
      ask('known', 'old', { unlessSum: hash('sha256', 'old') }),
      ask('differs', 'old', { unlessSum: hash('sha256', 'new') }),
      ask('same\\', 'same', { unlessSum: hash('sha256', 'same') }),
      ask('long', 'x'.repeat(1001), {}),
      ask('just', 'x'.repeat(1000), {}),
      path(`${directory}/link`, { text }),
      ask('key', key, {}),
      ask('binary key', `\0\xff${key}`, { unlessSum: hash('sha256', 'new') }),
      ask('wanted key', key, { secrets: true }),
      ask('empty', '', {}),
    ];
    const given = await answers(host, asks);
    expect(
      given.map((answer) => (answer instanceof ProbeError ? answer.message : answer.content?.toString())),
    ).toEqual([
      undefined,
      'old',
      undefined,
      undefined,
      'x'.repeat(1000),
      undefined,
      undefined,
      undefined,
      key,
      '',
    ]);
    const silent = sectionsOf(asks.filter((_ask, index) => [0, 2, 3, 5, 6, 7].includes(index)));
    const { stdout } = await host.run(silent.map(({ script }) => script).join());
    expect(stdout).not.toContain('content ');
  });

  test('one path under several questions, and what is inside of it', async () => {
    const directory = fresh();
    const host = new ShellHost(shell(directory));
    mkdirSync(`${directory}/real`);
    writeFileSync(`${directory}/real/conf`, 'x');
    writeFileSync(`${directory}/plain`, 'y');
    symlinkSync('real', `${directory}/link`);
    const targets = await answers(host, [
      path(`${directory}/real`, { inside: 'conf', sum: 'md5' }),
      path(`${directory}/real`, { inside: 'conf', text }),
      path(`${directory}/real`),
      path(`${directory}/link`, { inside: 'conf', sum: 'sha1' }),
      path(`${directory}/real/`, { inside: 'conf' }),
      path(`${directory}/new/`, { inside: 'conf' }),
      path(`${directory}/plain`, { inside: 'conf', text: { most: 1, unlessSum: hash('sha256', 'x') } }),
      path(`${directory}//real`, { inside: 'conf' }),
    ]);
    const seen = targets.map((answer) =>
      answer instanceof ProbeError
        ? answer.message
        : [answer.target.replace(directory, ''), answer.stat.kind, answer.sum, answer.content?.toString()],
    );
    expect(seen).toEqual([
      ['/real/conf', 'file', hash('md5', 'x'), undefined],
      ['/real/conf', 'file', undefined, 'x'],
      ['/real', 'directory', undefined, undefined],
      ['/link/conf', 'file', hash('sha1', 'x'), undefined],
      ['/real/conf', 'file', undefined, undefined],
      ['/new/conf', 'absent', undefined, undefined],
      ['/plain', 'file', undefined, 'y'],
      ['/real/conf', 'file', undefined, undefined],
    ]);
  });

  test('what the user may not look at or read spoils nothing else', async () => {
    const directory = fresh();
    for (const each of [directory, `${directory}/shut`]) {
      mkdirSync(each, { recursive: true });
      chmodSync(each, 0o755);
    }
    writeFileSync(`${directory}/shut/file`, 'x');
    writeFileSync(`${directory}/mine`, 'x', { mode: 0o600 });
    writeFileSync(`${directory}/open`, 'x', { mode: 0o644 });
    symlinkSync('shut/file', `${directory}/link`);
    const asks = [
      path(`${directory}/none`),
      path(`${directory}/shut/file`, { sum: 'sha256', text }),
      path(`${directory}/shut/none`),
      path(`${directory}/mine`, { sum: 'sha256' }),
      path(`${directory}/mine`, { text }),
      path(`${directory}/mine`, { sum: 'sha256', access: true }),
      path(`${directory}/open`, { sum: 'sha256', access: true, text }),
      path(`${directory}/link`),
      path(`${directory}/open/none`),
    ];
    const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] as const;
    const host = new ShellHost([...nobody, ...shell(directory)]);
    chmodSync(`${directory}/shut`, 0o700);
    const given = await answers(host, asks);
    const seen = given.map((answer) =>
      answer instanceof ProbeError
        ? answer.message.replaceAll(directory, '')
        : [answer.stat.kind, answer.may, answer.sum?.slice(0, 4), answer.content?.toString()],
    );
    const denied = expect.stringMatching(/^cannot check .*: stat: .*Permission denied$/);
    expect(seen).toEqual([
      ['absent', undefined, undefined, undefined],
      denied,
      denied,
      '/mine could not be read: Permission denied',
      '/mine could not be read: Permission denied',
      ['file', '', undefined, undefined],
      ['file', 'r', '2d71', 'x'],
      denied,
      ['absent', undefined, undefined, undefined],
    ]);
  });

  test('the kinds of entries below a directory', async () => {
    const directory = fresh();
    const host = new ShellHost(shell(directory));
    mkdirSync(`${directory}/tree/sub`, { recursive: true });
    for (const word of words) writeFileSync(`${directory}/tree/${word}`, '', { mode: 0o604 });
    symlinkSync('sub', `${directory}/tree/link`);
    const { tree } = await one(host, path(`${directory}/tree`, { tree: true }));
    expect(tree).toHaveLength(3);
    expect(tree).toContainEqual(
      expect.objectContaining({ mode: 0o604, count: words.length, directory: false }),
    );
    expect(tree).toContainEqual(expect.objectContaining({ link: true, count: 1 }));
    expect((await one(host, path(`${directory}/none`, { tree: true }))).tree).toEqual([]);
  });
});

test.each([
  ['/a/b', {}, ['/a/b']],
  ['/a//b', { inside: 'c' }, ['/a/b', '/a/b/c']],
  ['/a/', { inside: 'c' }, ['/a/c']],
  ['/a', { tree: true }, ['/a', '/a/']],
])('%s with %j depends on %j', (of, options, paths) => {
  expect(path(of, options).paths).toEqual(paths);
});
