import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EditedFileState } from '../../../src/resources/files/edited-file.ts';
import { missingFile } from '../../../src/resources/files/listed-files.ts';
import { modprobe } from '../../../src/resources/modprobe.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

function file(target: string, text: string): EditedFileState {
  const stat = { ...missingFile(target, true).stat, kind: 'file' as const, mode: 0o644 };
  return { target, stat, content: Buffer.from(text), contents: true };
}

const loads = '/etc/modules-load.d/dummy.conf';
const options = '/etc/modprobe.d/dummy.conf';

// As Ansible leaves the files: what is no longer wanted becomes a comment.
test.each([
  ['new', [], { persistent: 'present' }, { [loads]: 'dummy\n' }],
  ['there', [file('/etc/modules-load.d/all.conf', 'x\ndummy\n')], { persistent: 'present' }, {}],
  [
    'with parameters',
    [file(loads, 'dummy\n')],
    { persistent: 'present', params: 'a=1  b=2' },
    { [options]: 'options dummy a=1\noptions dummy b=2\n' },
  ],
  [
    'other parameters',
    [file(loads, 'dummy\n'), file('/etc/modprobe.d/x.conf', 'options dummy a=2\noptions other a=2\n')],
    { persistent: 'present', params: 'a=1' },
    {
      '/etc/modprobe.d/x.conf': '#options dummy a=2\noptions other a=2\n',
      [options]: 'options dummy a=1\n',
    },
  ],
  [
    'other parameters in its own file',
    [file(loads, 'dummy\n'), file(options, 'options dummy a=2\n')],
    { persistent: 'present', params: 'a=1' },
    { [options]: '#options dummy a=2\noptions dummy a=1\n' },
  ],
  [
    'no parameters any more',
    [file(loads, 'dummy\n'), file(options, 'options dummy a=2\n')],
    { persistent: 'present' },
    { [options]: '#options dummy a=2\n' },
  ],
  [
    'absent',
    [file(loads, 'dummy\nx\n'), file(options, 'options dummy a=2\n')],
    { persistent: 'absent' },
    { [loads]: '#dummy\nx\n', [options]: '#options dummy a=2\n' },
  ],
  ['left alone', [file(loads, 'dummy\n')], { params: 'a=1' }, {}],
] as const)('at boot: %s', (_, files, want, after) => {
  const have = { loaded: true, known: true, files, contents: true };
  const args = { name: 'dummy', ...want };
  const changes = modprobe.diff(args, have);
  expect(Object.fromEntries(changes.map(({ text }) => [text?.path, text?.after]))).toEqual(after);
  const steps = modprobe.steps(args, changes, have);
  const written = steps.flatMap((step) =>
    step.kind === 'file' ? [[step.path, step.content.toString()]] : [],
  );
  expect(Object.fromEntries(written)).toEqual(after);
});

test('a module is loaded and unloaded', async () => {
  const root = fresh();
  const host = hostWith(root, { modprobe: `[ "$1" = -n ] || printf '%s|' "$@" >>${root}/said` });
  const args = { name: 'provision_none', params: 'a=1 b=2' };
  expect((await host.apply(modprobe, args)).changes).toEqual([
    { attribute: 'module', from: 'absent', to: 'loaded' },
  ]);
  expect(readFileSync(join(root, 'said'), 'utf8')).toBe('--|provision_none|a=1|b=2|');
  expect((await host.plan(modprobe, { ...args, state: 'absent' })).changes).toEqual([]);
});

test('a module that the kernel does not have is refused', async () => {
  const host = hostWith(fresh(), { modprobe: 'exit 1' });
  expect((await host.plan(modprobe, { name: 'provision-none' })).refused).toEqual([
    expect.stringContaining('has no module provision-none'),
  ]);
  expect(existsSync(loads)).toBe(false);
});
