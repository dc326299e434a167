import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { askedOnce } from '../../../src/planner/asked.ts';
import { probeSections } from '../../../src/planner/probe-sections.ts';
import { path } from '../../../src/probes/path.ts';
import { type PathOptions, sumNames } from '../../../src/probes/path-question.ts';
import { ProbeError } from '../../../src/probes/probe-error.ts';
import { FakeHost } from '../resources/fake-host.ts';
import { scratch } from '../resources/file-tree.ts';
import { type Shell, ShellHost } from '../resources/shell-host.ts';
import { hostileWords, shells } from '../resources/shells.ts';
import { busyboxTools } from './busybox-tools.ts';
import { answers, one } from './probe-host.ts';

const fresh = scratch();
const words = [...hostileWords, 'two\nlines', 'end\n', '\nbegin', 'back\\slash', 'tab\there', 'a\rb', "it's"];
const text = { most: 1000 };
const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n';
const hash = (name: string, content: string) => createHash(name).update(content).digest('hex');
const section = (asks: Parameters<typeof answers>[1]) =>
  probeSections(askedOnce([{ key: '', become: undefined, asks, paths: [] }]));

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
    expect(section(asks)).toHaveLength(1);
    const given = await answers(host, asks);
    for (const [index, word] of words.entries()) {
      const at = `${directory}/${word}`;
      const file = { target: `${at}/${word}`, content: Buffer.from(`${word}\n`) };
      const [inside, link, whole, none] = given.slice(index * 4);
      expect(inside).toMatchObject({ ...file, look: { kind: 'file', mode: 0o640 } });
      expect(link).toMatchObject({ ...file, look: { kind: 'file', size: file.content.length } });
      expect(whole).toMatchObject({ points: `../${word}/${word}`, leads: `${at}/${word}` });
      expect(none).toMatchObject({ target: `${at}/none`, look: { kind: 'absent' } });
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
              row.look.kind,
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
    const silent = section(asks.filter((_ask, index) => [0, 2, 3, 5, 6, 7].includes(index)));
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
        : [answer.target.replace(directory, ''), answer.look.kind, answer.sum, answer.content?.toString()],
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
        : [answer.look.kind, answer.may, answer.sum?.slice(0, 4), answer.content?.toString()],
    );
    const denied = expect.stringMatching(/^cannot look: stat: .*Permission denied$/);
    expect(seen).toEqual([
      ['absent', undefined, undefined, undefined],
      denied,
      denied,
      'cannot look: /mine could not be read: Permission denied',
      'cannot look: /mine could not be read: Permission denied',
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

describe('many questions', () => {
  const tools = [
    'stat',
    'readlink',
    'base64',
    'grep',
    'cat',
    'find',
    ...sumNames.map((name) => `${name}sum`),
  ];
  const logging = (directory: string) =>
    new FakeHost(directory, Object.fromEntries(tools.map((tool) => [tool, `exec /usr/bin/${tool} "$@"`])));
  const commands = (host: FakeHost) => host.calls().map((line) => line.replace(/ .*/, ''));

  test('200 paths are one section and four processes', async () => {
    const directory = fresh();
    const host = logging(directory);
    const asks = Array.from({ length: 200 }, (_value, index) => {
      const name = `${directory}/${index}`;
      if (index % 20 === 1) symlinkSync(`${index - 1}`, name);
      else if (index % 3 !== 0) writeFileSync(name, `${index}`);
      const known = { most: 100, unlessSum: hash('sha256', `${index}`) };
      return path(name, { inside: 'conf', sum: 'sha256', text: index % 20 === 1 ? undefined : known });
    });
    expect(section(asks)).toHaveLength(1);
    const given = await answers(host, asks);
    expect(commands(host)).toEqual(['sha256sum', 'stat', 'stat', 'readlink']);
    for (const [index, answer] of given.entries()) {
      const link = index % 20 === 1;
      const kind = link ? 'link' : index % 3 === 0 ? 'absent' : 'file';
      expect(answer).toMatchObject({ target: `${directory}/${index}`, look: { kind } });
      const sum = kind === 'file' ? hash('sha256', `${index}`) : undefined;
      if (!link) expect(answer).toMatchObject({ sum });
    }
  });

  test.each([
    ['nothing but stat', {}, ['stat']],
    ['a sum', { sum: 'md5' }, ['md5sum', 'stat']],
    ['a known content', { text: { most: 9, unlessSum: hash('sha256', 'x') } }, ['sha256sum', 'stat']],
    ['contents', { text: { most: 9 } }, ['stat', 'grep', 'base64', 'base64', 'base64']],
    ['contents of keys', { text: { most: 9, secrets: true } }, ['stat', 'base64', 'base64', 'base64']],
    ['contents that are too long', { text: { most: 0 } }, ['stat']],
    ['rights', { access: true, follow: true, leads: true }, ['stat']],
  ] as const)('three files: %s', async (_name, options, expected) => {
    const directory = fresh();
    const host = logging(directory);
    const asks = ['a', 'b', 'c'].map((name) => {
      writeFileSync(`${directory}/${name}`, 'x');
      return path(`${directory}/${name}`, options);
    });
    await answers(host, asks);
    expect(commands(host)).toEqual(expected);
  });

  test('paths of any length and number', async () => {
    const directory = fresh();
    const deep = `${directory}/${Array.from({ length: 15 }, () => 'd'.repeat(200)).join('/')}`;
    mkdirSync(deep, { recursive: true });
    const asks = Array.from({ length: 600 }, (_value, index) => {
      writeFileSync(`${deep}/${index}`, `${index}`);
      return path(`${deep}/${index}`, { sum: 'sha1', text });
    });
    expect(section(asks)).toHaveLength(2);
    const given = await answers(new ShellHost(), asks);
    expect(
      given.map((answer) => (answer instanceof ProbeError ? answer : answer.content?.toString())),
    ).toEqual(asks.map((_ask, index) => `${index}`));
  });
});

describe('an answer that makes no sense', () => {
  const [first] = section([path('/a', { sum: 'sha256', text }), path('/b')]);
  const read = (stdout: string, stderr: string, code = 0) =>
    first?.asked[0]?.kind.read(
      { stdout, stderr, code },
      first.asked.map(({ question }) => question),
    );
  const line = (name: string) => `81a4 0 0 1 1 1 1 1 1 1 root\troot\t${name}\n`;

  test.each([
    ['nothing', '', ''],
    ['a program that broke off', `stat ${line('/a')}\0`, 'sh: killed\n'],
    ['noise', 'done\0', 'noise\0noise\0done\0'],
    ['no stat', 'stat \0done\0', 'sh: stat: not found\nstat\0done\0'],
    ['a line cut short', 'stat 81a4 0\t\t/a\nzz\troot\t/b\n\0done\0', 'stat\0done\0'],
  ])('%s: an error for each question', (_name, stdout, stderr) => {
    expect(read(stdout, stderr, 127)).toEqual([expect.any(ProbeError), expect.any(ProbeError)]);
  });

  test('errors are about their own path', () => {
    const [a, b] =
      read(`stat ${line('/b')}\0done\0`, "stat: cannot statx '/a': Input/output error\nstat\0done\0") ?? [];
    expect(a).toEqual(new ProbeError("cannot look: stat: cannot statx '/a': Input/output error"));
    expect(b).toMatchObject({ look: { kind: 'file' } });
    const [unsummed, other] = read(`stat ${line('/a')}${line('/b')}\0done\0`, 'stat\0done\0') ?? [];
    expect(unsummed).toEqual(new ProbeError('cannot look: /a could not be read: sha256sum gave no sum'));
    expect(other).toMatchObject({ look: { kind: 'file' } });
  });

  test('a key that came all the same is thrown away', () => {
    const sums = `sha256 ${'0'.repeat(64)}  /a\n\0`;
    const content = `content 0_0 ${Buffer.from(key).toString('base64')}\n 0\0`;
    const [a] = read(`${sums}stat ${line('/a')}${line('/b')}\0${content}done\0`, 'stat\0done\0') ?? [];
    expect(a).toMatchObject({ sum: '0'.repeat(64), content: undefined });
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
