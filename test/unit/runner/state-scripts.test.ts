import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { restoreScript } from '../../../src/runner/rollback.ts';
import { dropScript, statePrelude } from '../../../src/runner/state-directories.ts';
import { printBytes, putPrelude, putScript } from '../../../src/shell/put.ts';
import type { Shell } from '../../helpers/resources/shell-host.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'provision-state-'));
});
afterEach(() => rmSync(root, { recursive: true }));

// The scripts' own directories, moved below the test's: root's are fixed, so they are set after the prelude.
const moved = () => `${statePrelude}\nprovision_state=${root}/state provision_run=${root}/run`;
const sh = (script: string, shell: Shell = ['sh', '-s']) => {
  const [command, ...args] = shell;
  const { status, stdout, stderr } = spawnSync(command, args, {
    input: `${moved()}\n( ${script}\n)`,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
};

describe('a rollback', () => {
  const steps = (script: string) =>
    sh(`provision_saved=$provision_state/rollback/3\n${putPrelude}\n${script}`);
  const put = (path: string, text: string) => steps(putScript(path, printBytes(text), { mode: '0600' }));

  test('puts back what was there, removes what was not, keeps odd names', () => {
    const there = join(root, "it's there\n$(x)");
    const link = join(root, 'link');
    const fresh = join(root, 'fresh');
    writeFileSync(there, 'old', { mode: 0o640 });
    symlinkSync('nowhere', link);
    expect(put(there, 'new').code).toBe(0);
    expect(put(there, 'newer').code).toBe(0);
    expect(put(fresh, 'new').code).toBe(0);
    expect(steps(`provision_save ${link} && rm ${link} && echo x >${link}`).code).toBe(0);
    expect(readFileSync(there, 'utf8')).toBe('newer');
    const restored = sh(restoreScript(3));
    expect(restored.code).toBe(0);
    expect(restored.stdout).toContain(fresh);
    expect(readFileSync(there, 'utf8')).toBe('old');
    expect(lstatSync(there).mode & 0o777).toBe(0o640);
    expect(readlinkSync(link)).toBe('nowhere');
    expect(existsSync(fresh)).toBe(false);
    expect(readdirSync(join(root, 'state', 'rollback'))).toEqual([]);
  });

  test('does not write through a link that somebody planted at its temporary name', () => {
    const target = join(root, 'config');
    const victim = join(root, 'victim');
    writeFileSync(target, 'old');
    writeFileSync(victim, 'untouched');
    put(target, 'new');
    symlinkSync(victim, `${target}.provision-back`);
    expect(sh(restoreScript(3)).code).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe('old');
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
  });

  test('keeps copies where nobody else can read them, and drops them after success', () => {
    mkdirSync(join(root, 'etc'));
    const key = join(root, 'etc/key');
    writeFileSync(key, 'secret');
    put(key, 'new secret');
    const kept = join(root, 'state/rollback/3');
    expect(lstatSync(kept).mode & 0o077).toBe(0);
    expect(sh(dropScript(['rollback/3'], true)).code).toBe(0);
    expect(existsSync(join(root, 'state'))).toBe(false);
    expect(sh(restoreScript(3)).stdout).toBe('');
    expect(readFileSync(key, 'utf8')).toBe('new secret');
  });
});
