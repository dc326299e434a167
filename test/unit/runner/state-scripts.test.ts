import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
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
import { lockedCode, lockScript, stepsMark, unlockScript } from '../../../src/runner/host-lock.ts';
import { dropScript, statePrelude } from '../../../src/runner/host-state.ts';
import { restoreScript, stepsPrelude } from '../../../src/runner/rollback.ts';
import { printBytes, putPrelude, putScript } from '../../../src/shell/put.ts';
import type { Shell } from '../../helpers/resources/shell-host.ts';
import { shells } from '../../helpers/shell/shells.ts';
import { runTraced } from '../../helpers/shell/traced-shell.ts';

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

/** A shell that takes the lock and keeps it until its stdin is closed. */
async function holder(name: string, [command, ...args]: Shell = ['sh', '-s']) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
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

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('the lock, in %s', (_name, shell) => {
  const lock = (name: string, run: string) => sh(lockScript(name, run), shell);

  test('the second run is told who has the host', async () => {
    const first = await holder("anna@desk (it's me)", shell);
    expect(first.said).toBe('code 0\n');
    const second = lock('bert@desk', 'run-2');
    expect(second).toEqual({ code: lockedCode, stdout: "anna@desk (it's me)\n", stderr: '' });
    expect(lock('anna@desk', 'run-1').code).toBe(0);
    await first.close();
    expect(readdirSync(join(root, 'run'))).toEqual([]);
    expect(lock('bert@desk', 'run-2').code).toBe(0);
  });

  test('a holder that was killed leaves nothing that lasts', async () => {
    const first = await holder('anna', shell);
    await first.kill();
    expect(existsSync(join(root, 'run/lock'))).toBe(true);
    expect(lock('bert', 'run-2').code).toBe(0);
  });

  test('steps that still run keep the lock of a run that was cut off', async () => {
    const first = await holder('anna', shell);
    const steps = spawn(shell[0], shell.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    steps.stdin.write(`${moved()}\n${stepsMark}\necho marked\ncat >/dev/null\n`);
    await new Promise((resolve) => steps.stdout.once('data', resolve));
    await first.close();
    const second = lock('bert', 'run-2');
    expect(second.code).toBe(lockedCode);
    expect(second.stdout).toMatch(/^anna, which was cut off; its steps are still running as process \d+$/m);
    const ended = new Promise((resolve) => steps.on('close', resolve));
    steps.stdin.end();
    await ended;
    expect(lock('bert', 'run-2').code).toBe(0);
  });

  test('costs two processes, to mark a shell that runs steps costs none', () => {
    mkdirSync(join(root, 'run'));
    const taken = runTraced(`${moved()}\n( ${lockScript('anna', 'run-1')}\n)\n`, shell);
    expect(existsSync(join(root, 'run/lock/holder'))).toBe(true);
    const shown = 'read -r mark <"$provision_run/lock/steps"; echo "$mark"';
    const marked = runTraced(`${stepsPrelude(3)}\n${shown}\n`, shell, {
      PROVISION_STATE: join(root, 'state'),
      PROVISION_RUN: join(root, 'run'),
    });
    expect(marked.stdout.toString()).toMatch(/^\d+ \d+\n$/);
    expect(readFileSync(join(root, 'run/lock/steps'), 'utf8')).toBe('');
    if (taken.programs !== undefined)
      expect([taken.programs, marked.programs, marked.forks]).toEqual([2, 0, 0]);
  });
});

// A copy of busybox under another name is no shell.
const copied = shells.filter(([command]) => command !== 'busybox');

test.each(copied.map((shell) => [shell.join(' '), shell] as const))(
  'a process in %s may be called like the rest of its own line in /proc',
  async (_name, shell) => {
    const path = join(root, 'x) Z 1 2 (');
    copyFileSync(execFileSync('sh', ['-c', `command -v ${shell[0]}`], { encoding: 'utf8' }).trim(), path);
    const first = await holder('anna', [path, ...shell.slice(1)]);
    expect(sh(lockScript('bert', 'run-2'), shell)).toMatchObject({ code: lockedCode, stdout: 'anna\n' });
    await first.close();
    expect(sh(lockScript('bert', 'run-2'), shell).code).toBe(0);
  },
);

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
