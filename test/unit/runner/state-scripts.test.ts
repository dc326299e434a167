import { spawn, spawnSync } from 'node:child_process';
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
import {
  forgetScript,
  lockedCode,
  lockScript,
  rememberedScript,
  rememberScript,
  statePrelude,
  stepsMark,
  unlockScript,
} from '../../../src/runner/host-state.ts';
import { discardScript, restoreScript } from '../../../src/runner/rollback.ts';
import { printBytes, putPrelude, putScript } from '../../../src/shell/put.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'provision-state-'));
});
afterEach(() => rmSync(root, { recursive: true }));

// The scripts' own directories, moved below the test's: root's are fixed, so they are set after the prelude.
const moved = () => `${statePrelude}\nprovision_state=${root}/state provision_run=${root}/run`;
const sh = (script: string) => {
  const { status, stdout, stderr } = spawnSync('sh', ['-s'], {
    input: `${moved()}\n( ${script}\n)`,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
};

/** A shell that takes the lock and keeps it until its stdin is closed. */
async function holder(name: string) {
  const child = spawn('sh', ['-s'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(
    `{ ${moved()}\n( ${lockScript(name, 'run-1')}\n)\necho code $?\ncat >/dev/null\n${unlockScript}\n}\n`,
  );
  const said = await new Promise<string>((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (/code \d+/.test(text)) resolve(text);
    });
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const close = () => {
    child.stdin.end();
    return ended;
  };
  const kill = () => {
    child.kill('SIGKILL');
    return ended;
  };
  return { said, close, kill };
}

describe('the lock', () => {
  test('the second run is told who has the host', async () => {
    const first = await holder("anna@desk (it's me)");
    expect(first.said).toBe('code 0\n');
    const second = sh(lockScript('bert@desk', 'run-2'));
    expect(second).toEqual({ code: lockedCode, stdout: "anna@desk (it's me)\n", stderr: '' });
    expect(sh(lockScript('anna@desk', 'run-1')).code).toBe(0);
    await first.close();
    expect(readdirSync(join(root, 'run'))).toEqual([]);
    expect(sh(lockScript('bert@desk', 'run-2')).code).toBe(0);
  });

  test('a holder that was killed leaves nothing that lasts', async () => {
    const first = await holder('anna');
    await first.kill();
    expect(existsSync(join(root, 'run/lock'))).toBe(true);
    expect(sh(lockScript('bert', 'run-2')).code).toBe(0);
  });

  test('steps that still run keep the lock of a run that was cut off', async () => {
    const first = await holder('anna');
    const steps = spawn('sh', ['-s'], { stdio: ['pipe', 'pipe', 'inherit'] });
    steps.stdin.write(`${moved()}\n${stepsMark}\necho marked\ncat >/dev/null\n`);
    await new Promise((resolve) => steps.stdout.once('data', resolve));
    await first.close();
    const second = sh(lockScript('bert', 'run-2'));
    expect(second.code).toBe(lockedCode);
    expect(second.stdout).toMatch(/^anna, which was cut off; its steps are still running as process \d+$/m);
    const ended = new Promise((resolve) => steps.on('close', resolve));
    steps.stdin.end();
    await ended;
    expect(sh(lockScript('bert', 'run-2')).code).toBe(0);
  });
});

describe('remembered handlers', () => {
  test('are there until they are forgotten', () => {
    expect(sh(rememberedScript)).toEqual({ code: 0, stdout: '', stderr: '' });
    const keys = ['a'.repeat(32), 'b'.repeat(32)];
    expect(sh(rememberScript(keys)).code).toBe(0);
    expect(sh(rememberedScript).stdout.trim().split('\n')).toEqual(keys);
    expect(sh(forgetScript(keys.slice(0, 1))).code).toBe(0);
    expect(sh(rememberedScript).stdout.trim()).toBe(keys[1]);
    expect(sh(forgetScript(keys.slice(1))).code).toBe(0);
    expect(existsSync(join(root, 'state/handlers'))).toBe(false);
  });
});

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
    expect(sh(discardScript(3)).code).toBe(0);
    expect(existsSync(join(root, 'state'))).toBe(false);
    expect(sh(restoreScript(3)).stdout).toBe('');
    expect(readFileSync(key, 'utf8')).toBe('new secret');
  });
});
