import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { assemble } from '../../../src/resources/assemble.ts';
import { assembled } from '../../../src/resources/files/fragments.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();
const fragments = [
  ['b', 'two'],
  ['.a', 'zero\n'],
  ['a', 'one\n'],
  ['ä', 'three\n'],
].map(([name = '', text = '']) => ({ name, content: Buffer.from(text) }));

// As Python's module joins them.
test.each([
  [{}, 'zero\none\ntwo\nthree\n'],
  [{ ignoreHidden: true }, 'one\ntwo\nthree\n'],
  [{ regexp: '^[a-z]$' }, 'one\ntwo'],
  [{ regexp: 'b', delimiter: '--' }, 'two'],
  [{ regexp: '^[a-z]$', delimiter: '# --' }, 'one\n# --\ntwo'],
  [{ regexp: '^[bä]', delimiter: '\\x23\\n' }, 'two\n#\nthree\n'],
])('%j', (assembly, text) => {
  expect(assembled(fragments, assembly).toString()).toBe(text);
});

test('the files of a directory become one, in a plan with its text, and once is enough', async () => {
  const directory = fresh();
  const src = join(directory, "it's $(here)");
  mkdirSync(join(src, 'folder'), { recursive: true });
  writeFileSync(join(src, '20 x'), 'b\n');
  writeFileSync(join(src, '10'), 'a');
  writeFileSync(join(src, '.5'), 'hidden\n');
  symlinkSync('10', join(src, '30'));
  const dest = join(directory, 'out');
  const args = { src, dest, mode: '0600' };
  const planned = await machine.plan(assemble, args);
  expect(planned.changes[0]?.text).toEqual({ path: dest, before: '', after: 'hidden\na\nb\na' });
  const { outputs, result } = await machine.apply(assemble, args);
  expect(outputs.map(({ code }) => code)).toEqual([0]);
  expect(readFileSync(dest, 'utf8')).toBe('hidden\na\nb\na');
  expect(result).toMatchObject({ dest, src, msg: 'OK', mode: '0600', state: 'file', size: 12 });
  expect((await machine.apply(assemble, args)).changes).toEqual([]);
  writeFileSync(join(src, '10'), 'c');
  expect((await machine.plan(assemble, args)).changes.map(({ attribute }) => attribute)).toEqual(['content']);
});

test.each([
  [{ src: '/nonexistent' }, /^Source \(\/nonexistent\) does not exist$/],
  [{ src: '/etc/passwd' }, /^Source \(\/etc\/passwd\) is not a directory$/],
  [{ src: '/etc', remote_src: false }, /^remote_src: false is not supported/],
  [{ src: '/etc', regexp: '(' }, /^regexp: /],
])('%j is refused', async (args, reason) => {
  const { refused } = await machine.plan(assemble, { dest: join(fresh(), 'out'), ...args });
  expect(refused).toEqual([expect.stringMatching(reason)]);
});
