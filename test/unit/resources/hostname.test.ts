import { describe, expect, test } from 'vitest';
import { prepareArguments } from '../../../src/language/source/schema/prepared-arguments.ts';
import { nameFiles } from '../../../src/resources/hostname/name-file.ts';
import { hostname } from '../../../src/resources/hostname.ts';
import { prepared, ShellHost } from '../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../helpers/shell/shells.ts';

const at = () => ({ file: 'test.yml', line: 1, column: 1 });
const state = { running: 'old', text: Buffer.from('old\n'), blocked: false };

describe('where a name is kept', () => {
  test.each([
    ['debian', 'old\n', 'old', 'new\n'],
    ['systemd', '# which\n\n old \n', 'old', 'new\n'],
    ['alpine', '', undefined, 'new\n'],
    ['sles', 'old\n', 'old', 'new\n'],
    ['redhat', 'NETWORKING=yes\nHOSTNAME="old"\nX=1', 'old', 'NETWORKING=yes\nHOSTNAME=new\nX=1'],
    ['redhat', 'NETWORKING=yes', undefined, 'NETWORKING=yes\nHOSTNAME=new\n'],
    ['openrc', "# name\nhostname='old'\n", 'old', '# name\nhostname="new"\n'],
    ['openrc', '', undefined, 'hostname="new"\n'],
  ])('%s: %j', (use, text, name, written) => {
    expect(nameFiles[use]?.read(text)).toBe(name);
    expect(nameFiles[use]?.write(text, 'new')).toBe(written);
    expect(nameFiles[use]?.read(written)).toBe('new');
  });
});

describe('what differs', () => {
  test.each([
    [{ name: 'old' }, state, []],
    [
      { name: 'new' },
      state,
      [
        { attribute: 'name', from: 'old', to: 'new' },
        { attribute: 'name after boot', from: 'old', to: 'new' },
      ],
    ],
    [
      { name: 'old' },
      { ...state, text: undefined },
      [{ attribute: 'name after boot', from: 'none', to: 'old' }],
    ],
    [{ name: 'new', use: 'generic' }, state, [{ attribute: 'name', from: 'old', to: 'new' }]],
  ])('%j', (want, have, changes) => {
    expect(hostname.diff(prepared(hostname, want) as never, have)).toEqual(changes);
  });
});

test.each([
  [
    { name: 'x', use: 'freebsd' },
    state,
    'use: freebsd is for a system that provision does not manage: leave it out',
  ],
  [
    { name: 'x' },
    { ...state, text: undefined, blocked: true },
    '/etc/hostname is not a small file on the host: see what is there',
  ],
])('refused: %j', (want, have, reason) => {
  expect(hostname.refuse?.(prepared(hostname, want) as never, have)).toEqual([reason]);
});

test.each([...hostileWords, '', '-x', 'a_b', 'a..b', 'x'.repeat(65)])('%j cannot be a name', (name) => {
  expect(prepareArguments(hostname, { name }, { at }).problems).not.toEqual([]);
});

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('in %s', (_name, shell) => {
  test('the name of this machine is read, and only what differs is planned', async () => {
    const host = new ShellHost(shell);
    const { have } = await host.plan(hostname, { name: 'x' });
    const { running } = have as { readonly running: string };
    expect(running).toMatch(/^\S+$/);
    expect((await host.plan(hostname, { name: running, use: 'generic' })).changes).toEqual([]);
  });

  test('steps are sh that can be read, for each way to keep a name', async () => {
    for (const use of [undefined, ...Object.keys(nameFiles)]) {
      const want = prepared(hostname, { name: 'new', ...(use && { use }) }) as never;
      const [step] = hostname.steps(want, hostname.diff(want, state), state);
      const script = step?.kind === 'script' ? step.script : 'exit 9';
      expect(await new ShellHost(shell).run(`if false; then\n${script}\nfi`)).toMatchObject({
        code: 0,
        stderr: '',
      });
    }
  });
});
