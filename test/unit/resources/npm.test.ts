import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { npm } from '../../../src/resources/npm.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

const listed = {
  dependencies: {
    express: { version: '4.18.2' },
    '@types/node': { version: '20.1.0' },
    left: { missing: true },
  },
};

/** A host whose npm knows these packages, and notes what else it is asked. */
function hostOf(list: object | string, outdated: object = {}) {
  const directory = fresh();
  writeFileSync(join(directory, 'list'), typeof list === 'string' ? list : JSON.stringify(list));
  writeFileSync(join(directory, 'outdated'), JSON.stringify(outdated));
  const code = `case $1 in
list) cat "$FAKE/list"; echo complaint >&2; exit 1 ;;
outdated) cat "$FAKE/outdated"; exit 1 ;;
*) printf '[%s]' "$@" >>"$FAKE/ran"; echo >>"$FAKE/ran" ;;
esac`;
  const host = hostWith(join(directory, 'bin'), { npm: code }, { FAKE: directory });
  const ran = () => {
    const file = join(directory, 'ran');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  return { host, ran, directory };
}

describe('what npm is asked to do', () => {
  const old = { express: { current: '4.18.2', wanted: '4.19.0', latest: '5.0.0' } };
  test.each([
    [{ name: 'express', global: true }, { dependencies: { express: { version: '4.18.2' } } }, [], []],
    [
      { name: 'express', version: '4.18.2', global: true, production: true },
      { dependencies: { express: { version: '4.18.2' } } },
      [],
      [],
    ],
    [
      { name: 'express', version: '4.19.0', global: true, registry: 'https://npm.example.org/' },
      { dependencies: { express: { version: '4.18.2' } } },
      ['package express: 4.18.2 -> 4.19.0'],
      ['[install][--global][--registry][https://npm.example.org/][express@4.19.0]'],
    ],
    [
      { name: '@types/node', version: '20.1.0', global: true },
      { dependencies: { '@types/node': { version: '20.1.0' } } },
      [],
      [],
    ],
    [
      {
        global: true,
        ignore_scripts: true,
        no_optional: true,
        no_bin_links: true,
        unsafe_perm: true,
        force: true,
      },
      listed,
      ['package left: absent -> installed'],
      ['[install][--global][--ignore-scripts][--unsafe-perm][--no-optional][--no-bin-links][--force]'],
    ],
    [{ name: 'new', global: true }, {}, ['package new: absent -> installed'], ['[install][--global][new]']],
    [{ global: true }, {}, [], []],
    [
      { name: 'express', state: 'absent', version: '9.9.9', global: true },
      listed,
      ['package express: 4.18.2 -> absent'],
      ['[uninstall][--global][express]'],
    ],
    [{ name: 'left', state: 'absent', global: true }, listed, [], []],
    [
      { ci: true, global: true },
      listed,
      ['packages: undefined -> as the lock file says'],
      ['[ci][--global]'],
    ],
    [
      { name: 'express', version: '^4', global: true },
      listed,
      ['package express: 4.18.2 -> ^4', 'package left: absent -> installed'],
      ['[install][--global][express@^4]'],
    ],
    [
      { state: 'latest', global: true, name: 'express' },
      { dependencies: { express: { version: '4.18.2' } } },
      ['package express: 4.18.2 -> 4.19.0'],
      ['[update][--global][express]'],
    ],
  ] as const)('%j', async (args, list, changes, ran) => {
    const fake = hostOf(list, old);
    const applied = await fake.host.apply(npm, args);
    expect(applied.changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`)).toEqual(
      changes,
    );
    expect(applied.outputs.map(({ code }) => code)).toEqual(applied.outputs.map(() => 0));
    expect(fake.ran()).toEqual(ran);
  });

  test('a directory that is missing is made, and has no packages', async () => {
    const fake = hostOf({ dependencies: { express: { version: '1.0.0' } } });
    const path = join(fake.directory, "it's/new");
    expect((await fake.host.apply(npm, { name: 'express', path })).changes).toHaveLength(1);
    expect(existsSync(path)).toBe(true);
    expect((await fake.host.apply(npm, { name: 'express', path })).changes).toEqual([]);
  });
});

test.each([
  [{ name: 'x' }, 'path must be specified when not using global'],
  [{ global: true, state: 'absent' }, 'state is absent but all of the following are missing: name'],
  [
    { global: true, executable: '/nowhere/npm --quiet' },
    'the host has no /nowhere/npm; install it first, as with the package npm',
  ],
  [{ global: true }, 'npm does not say what is installed: no json\ncomplaint'],
])('%j is refused', async (args, message) => {
  expect((await hostOf('no json\n').host.plan(npm, args)).refused).toEqual([message]);
});

test('what is named by an address or a range is installed each time, as with Ansible', () => {
  const again = (args: object) => npm.repeats?.({ global: true, ...args });
  expect([again({ name: 'a' }), again({ name: 'a@1.2.3' }), again({ name: 'a', version: '1.x' })]).toEqual([
    false,
    false,
    true,
  ]);
  expect([again({ name: 'git+https://host/a.git' }), again({ ci: true })]).toEqual([true, true]);
});
