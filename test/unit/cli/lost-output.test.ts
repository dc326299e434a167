import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { main } from '../../helpers/cli/built-command.ts';
import { folder } from '../../helpers/cli/command.ts';

const playbook = `
inventory: { hosts: { me: { ansible_connection: local } } }
plays:
  - hosts: me
    gather_facts: false
    tasks:
      - debug: { msg: "a word for stdout" }
      - copy: { content: x, dest: "{{ playbook_dir }}/last", mode: "0600" }
`;

it.each([
  ['a full disk', 'apply site.yml --diff >/dev/full', 1],
  ['a full disk, as events', 'apply site.yml --json >/dev/full', 1],
  ['a full disk, nothing but a check', 'validate site.yml >/dev/full', 1],
  ['a full disk, nothing but a check of the version', '--version >/dev/full', 1],
  ['a reader that went away', 'apply site.yml --diff | true; true', 0],
  ['a reader that went away before the check of the version', '--version | true; true', 0],
])('%s: hosts are left in order, one sentence says so', async (name, words, expected) => {
  const cwd = folder({ 'site.yml': playbook });
  const env = {
    ...process.env,
    HOME: cwd,
    PROVISION_STATE: join(cwd, 'state'),
    PROVISION_RUN: join(cwd, 'run'),
  };
  const shell = promisify(execFile)('sh', ['-c', `"$0" "$1" ${words}`, process.execPath, main], { cwd, env });
  const { code, stderr } = await shell.then(
    (done) => ({ code: 0, stderr: done.stderr }),
    (error: { readonly code: number; readonly stderr: string }) => error,
  );
  expect(code).toBe(expected);
  expect(stderr).not.toMatch(/internal error|at writeSync|Error:/);
  const sentences = stderr.match(/stdout cannot be written/g) ?? [];
  expect(sentences).toHaveLength(expected);
  if (expected === 1) expect(stderr).toContain('there is no space left on its disk (ENOSPC)');
  if (name.includes('check')) return;
  expect(existsSync(join(cwd, 'last'))).toBe(true);
  expect(existsSync(join(cwd, 'run/lock'))).toBe(false);
});
