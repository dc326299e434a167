import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  containersFunction,
  findContainers,
} from '../../../../../src/domains/containers/probes/find-containers.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';

const role = join(import.meta.dirname, '../../../../../roles/compose_common/files/containers.sh');
const fresh = scratch();

/** A folder with a project `p` and a link `l` to it, and what a docker prints there. */
async function found(directory: string, listed: readonly string[], code = 0): Promise<string> {
  const folder = fresh();
  mkdirSync(join(folder, 'p'));
  symlinkSync('p', join(folder, 'l'));
  const docker = `#!/bin/sh\ncat <<'end'\n${listed.join('\n').replaceAll('DIR', folder)}\nend\nexit ${code}\n`;
  writeFileSync(join(folder, 'docker'), docker);
  chmodSync(join(folder, 'docker'), 0o755);
  const host = new ShellHost(['sh', '-s'], { PATH: `${folder}:/usr/bin:/bin` });
  const place = { directory: join(folder, directory), service: 'web' };
  const { stdout } = await host.run(`${findContainers(place)} || echo failed\necho $provision_ids`);
  return stdout.trim();
}

test.each([
  ['by the path that its label has', 'p', 'DIR/p'],
  ['by a link to it', 'l', 'DIR/p'],
  ['where the label has the link', 'p', 'DIR/l'],
  ['with a slash behind it', 'p/', 'DIR/p'],
])('a service of a project is found %s', async (_how, directory, label) => {
  expect(await found(directory, [`a once:False ${label}`, `b once: ${label}`])).toBe('a b');
});

test('others are left out: of other projects, of one that is gone, what somebody ran by hand, and words of docker itself', async () => {
  const listed = [
    'WARNING: no config',
    'a once:False DIR',
    'b once:False DIR/gone',
    'c once:True DIR/p',
    'd once:False ',
  ];
  expect(await found('p', listed)).toBe('');
  expect(await found('gone', listed)).toBe('');
});

test('what docker says of itself is kept', async () => {
  expect(await found('p', ['Cannot connect'], 1)).toBe('failed\nCannot connect');
});

test('scripts of roles find them in the same way', () => {
  const text = readFileSync(role, 'utf8').replace(/^(?:#.*\n)+/, '');
  expect(text).toBe(`${containersFunction}\n`);
});
