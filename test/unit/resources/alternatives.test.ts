import { mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alternatives } from '../../../src/resources/alternatives.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

// dpkg's own program, with its database in a directory of its own.
function machine() {
  const root = fresh();
  for (const name of ['alternatives', 'admin', 'links']) mkdirSync(join(root, name));
  for (const name of ['one', 'two', 'one.man', 'two.man']) writeFileSync(join(root, name), name);
  const host = hostWith(join(root, 'bin'), {
    'update-alternatives': `exec /usr/bin/update-alternatives --quiet --altdir ${root}/alternatives --admindir ${root}/admin --log ${root}/log "$@"`,
  });
  return { root, host, chosen: () => readlinkSync(join(root, 'alternatives/edit')) };
}

test('alternatives are listed, chosen, left to priorities and removed', async () => {
  const { root, host, chosen } = machine();
  const link = join(root, 'links/edit');
  const [one, two] = [join(root, 'one'), join(root, 'two')];
  const twice = async (args: object) => {
    const { changes, outputs } = await host.apply(alternatives, { name: 'edit', ...args });
    expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual(outputs.map(() => [0, '']));
    expect((await host.apply(alternatives, { name: 'edit', ...args })).changes).toEqual([]);
    return changes;
  };
  expect(await twice({ path: one, link, state: 'present', priority: 10 })).toEqual([
    { attribute: `alternative ${one}`, from: 'absent', to: 'priority 10' },
  ]);
  expect(await twice({ path: two, link })).toEqual([
    { attribute: `alternative ${two}`, from: 'absent', to: 'priority 50' },
    { attribute: 'selected', from: one, to: two },
  ]);
  expect(await twice({ path: one })).toEqual([{ attribute: 'selected', from: two, to: one }]);
  expect(chosen()).toBe(one);
  await twice({ path: one, state: 'auto' });
  expect(chosen()).toBe(two);
  const slave = { name: 'edit.man', link: join(root, 'links/edit.man'), path: join(root, 'two.man') };
  await twice({ path: two, subcommands: [slave] });
  expect(readlinkSync(join(root, 'alternatives/edit.man'))).toBe(join(root, 'two.man'));
  // What goes with an alternative stays when only its priority changes.
  await twice({ path: two, priority: 60 });
  expect(readlinkSync(join(root, 'alternatives/edit.man'))).toBe(join(root, 'two.man'));
  expect(await twice({ path: two, state: 'absent' })).toEqual([
    { attribute: `alternative ${two}`, from: 'present', to: 'absent' },
  ]);
  expect(chosen()).toBe(one);
});

test.each([
  [{ path: '/no/such' }, 'Specified path /no/such does not exist'],
  [{ path: '/bin/sh' }, 'missing the link'],
  [{}, 'needs path'],
  [{ path: '/bin/sh', family: 'x' }, 'Red Hat'],
])('%j is refused', async (args, why) => {
  const { host } = machine();
  const { refused } = await host.plan(alternatives, { name: 'edit', ...args });
  expect(refused).toEqual([expect.stringContaining(why)]);
});
