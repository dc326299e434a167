import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dpkgDivert } from '../../../src/resources/dpkg-divert.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

// dpkg's own program, with its database in a directory of its own.
function machine(word = 'rc') {
  const root = fresh();
  for (const name of ['admin', 'etc']) mkdirSync(join(root, name));
  const host = hostWith(join(root, 'bin'), {
    'dpkg-divert': `exec /usr/bin/dpkg-divert --admindir ${root}/admin "$@"`,
  });
  const path = join(root, 'etc', word);
  const files = () =>
    Object.fromEntries(
      readdirSync(join(root, 'etc')).map((name) => [name, readFileSync(join(root, 'etc', name), 'utf8')]),
    );
  /** Applies it twice: the second time changes nothing. */
  const apply = async (more: object = {}) => {
    const args = { path, ...more };
    const { refused, changes, outputs, result } = await host.apply(dpkgDivert, args);
    expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual(outputs.map(() => [0, '']));
    if (refused.length === 0) expect((await host.apply(dpkgDivert, args)).changes).toEqual([]);
    return { refused, changes, result };
  };
  return { root, path, files, apply };
}

test('a file is diverted, elsewhere, for another package, and no longer', async () => {
  const { path, files, apply } = machine();
  writeFileSync(path, 'old');
  const first = await apply();
  expect(first.changes).toEqual([{ attribute: 'diverted to', from: 'absent', to: `${path}.distrib` }]);
  expect(first.result).toEqual({
    diversion: { path, state: 'present', divert: `${path}.distrib`, holder: 'LOCAL' },
    commands: [`dpkg-divert --local --divert ${path}.distrib --no-rename --add ${path}`],
  });
  // What is there moves when a diversion begins or ends, not later.
  expect((await apply({ rename: true })).changes).toEqual([]);
  expect((await apply({ holder: 'bash' })).changes).toEqual([
    { attribute: 'holder', from: 'LOCAL', to: 'bash' },
  ]);
  const other = `${path}.mine`;
  expect((await apply({ holder: 'bash', divert: other })).changes).toEqual([
    { attribute: 'diverted to', from: `${path}.distrib`, to: other },
  ]);
  const last = await apply({ state: 'absent' });
  expect(last.changes).toEqual([{ attribute: 'diverted to', from: other, to: 'absent' }]);
  expect(last.result).toEqual({
    diversion: { path, state: 'absent', divert: null, holder: null },
    commands: [`dpkg-divert --no-rename --remove ${path}`],
  });
  expect(files()).toEqual({ rc: 'old' });
});

test('with rename the file moves along, there and back, and to another place', async () => {
  const { path, files, apply } = machine();
  writeFileSync(path, 'old');
  expect((await apply({ rename: true })).changes).toEqual([
    { attribute: 'diverted to', from: 'absent', to: `${path}.distrib` },
    { attribute: `file ${path}`, to: `moved to ${path}.distrib` },
  ]);
  expect(files()).toEqual({ 'rc.distrib': 'old' });
  writeFileSync(path, 'new');
  await apply({ divert: `${path}.mine` });
  expect(files()).toEqual({ rc: 'new', 'rc.mine': 'old' });
  const { refused } = await apply({ state: 'absent', rename: true });
  expect(refused).toEqual([
    `${path}.mine would replace ${path}, which is there: move one of them away, or set force: true`,
  ]);
  expect(files()).toEqual({ rc: 'new', 'rc.mine': 'old' });
  await apply({ state: 'absent', rename: true, force: true });
  expect(files()).toEqual({ rc: 'old' });
});

test('a file that is in the way is replaced by force alone', async () => {
  const { path, files, apply } = machine();
  writeFileSync(path, 'old');
  writeFileSync(`${path}.distrib`, 'in the way');
  expect((await apply({ rename: true })).refused).toHaveLength(1);
  expect((await apply()).changes).toHaveLength(1);
  await apply({ state: 'absent' });
  await apply({ rename: true, force: true });
  expect(files()).toEqual({ 'rc.distrib': 'old' });
});

test('names of any characters are words', async () => {
  const { root, files, apply } = machine(`-a 'b' "$(touch here)" ü`);
  await apply({ rename: true });
  await apply({ state: 'absent' });
  expect(files()).toEqual({});
  expect(existsSync(join(root, 'here'))).toBe(false);
});

test('a host without dpkg is refused', () => {
  const none = { available: false, diverted: undefined, there: new Set<string>() };
  expect(dpkgDivert.refuse?.({ path: '/x' }, none)).toEqual([
    'the host has no dpkg-divert: diversions are for hosts with dpkg',
  ]);
});
