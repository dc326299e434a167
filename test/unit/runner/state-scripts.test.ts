import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { restoreScript } from '../../../src/runner/rollback.ts';
import { dropScript } from '../../../src/runner/state-directories.ts';
import { printBytes, putPrelude, putScript } from '../../../src/shell/put.ts';
import { stateShell } from '../../helpers/runner/state-shell.ts';

const host = stateShell();
const { sh } = host;

describe('a rollback', () => {
  const steps = (script: string) =>
    sh(`provision_saved=$provision_state/rollback/3\n${putPrelude}\n${script}`);
  const put = (path: string, text: string) => steps(putScript(path, printBytes(text), { mode: '0600' }));

  test('puts back what was there, removes what was not, keeps odd names', () => {
    const there = join(host.root, "it's there\n$(x)");
    const link = join(host.root, 'link');
    const fresh = join(host.root, 'fresh');
    writeFileSync(there, 'old', { mode: 0o640 });
    symlinkSync('nowhere', link);
    expect(put(there, 'new').code).toBe(0);
    expect(put(there, 'newer').code).toBe(0);
    expect(put(fresh, 'new').code).toBe(0);
    expect(steps(`provision_save ${link} && rm ${link} && echo x >${link}`).code).toBe(0);
    expect(readFileSync(there, 'utf8')).toBe('newer');
    const restored = sh(restoreScript('3'));
    expect(restored.code).toBe(0);
    expect(restored.stdout).toContain(fresh);
    expect(readFileSync(there, 'utf8')).toBe('old');
    expect(lstatSync(there).mode & 0o777).toBe(0o640);
    expect(readlinkSync(link)).toBe('nowhere');
    expect(existsSync(fresh)).toBe(false);
    expect(readdirSync(join(host.root, 'state'))).toEqual([]);
  });

  test('does not write through a link that somebody planted at its temporary name', () => {
    const target = join(host.root, 'config');
    const victim = join(host.root, 'victim');
    writeFileSync(target, 'old');
    writeFileSync(victim, 'untouched');
    put(target, 'new');
    symlinkSync(victim, `${target}.provision-back`);
    expect(sh(restoreScript('3')).code).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe('old');
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
  });

  test('keeps copies where nobody else can read them, and drops them after success', () => {
    mkdirSync(join(host.root, 'etc'));
    const key = join(host.root, 'etc/key');
    writeFileSync(key, 'secret');
    put(key, 'new secret');
    const kept = join(host.root, 'state/rollback/3');
    expect(lstatSync(kept).mode & 0o077).toBe(0);
    expect(sh(dropScript(['rollback/3'], true)).code).toBe(0);
    expect(existsSync(join(host.root, 'state'))).toBe(false);
    expect(sh(restoreScript('3')).stdout).toBe('');
    expect(readFileSync(key, 'utf8')).toBe('new secret');
  });
});
