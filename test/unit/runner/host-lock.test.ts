import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  beatScript,
  endLockScript,
  lockedCode,
  lockScript,
  stepsMark,
  unlockScript,
} from '../../../src/runner/host-lock.ts';
import { stepsPrelude } from '../../../src/runner/rollback.ts';
import type { Shell } from '../../helpers/resources/shell-host.ts';
import { stateShell } from '../../helpers/runner/state-shell.ts';
import { shells } from '../../helpers/shell/shells.ts';
import { runTraced } from '../../helpers/shell/traced-shell.ts';
import { isAlive } from '../../helpers/transport/programs.ts';

const host = stateShell();
const { sh } = host;

const holderOf = (who: string, run: string) => ({ who, run, process: `here:1:${run}` });
const refused = (who: string, run: string, ...more: string[]) =>
  new RegExp(`^${[who, run, `here:1:${run}`, '\\d+', ...more, 'heard \\d+'].join('\\n')}\\n$`);

/** A shell that takes the lock and keeps it until its stdin is closed. */
async function holder(
  name: string,
  [command, ...args]: Shell = ['sh', '-s'],
  interval?: number,
  run = 'run-1',
) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const script = lockScript(holderOf(name, run), interval);
  child.stdin.write(`{ ${host.prelude}\n( ${script}\n)\necho code $?\ncat >/dev/null\n${unlockScript}\n}\n`);
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
  return { said, close, kill, ended, pid: child.pid ?? 0 };
}

const inRun = () => readdirSync(join(host.root, 'run'));
const watcher = () => Number(readFileSync(join(host.root, 'run/watch'), 'utf8').split(' ')[0]);
// Whoever took the lock for a moment only leaves a process that notices so later.
const end = () => sh(endLockScript('run-2'));

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('the lock, in %s', (_name, shell) => {
  const lock = (name: string, run: string) => sh(lockScript(holderOf(name, run)), shell);

  test('the second run learns who has the host', async () => {
    const first = await holder("anna@desk (it's me)", shell);
    expect(first.said).toBe('code 0\n');
    const second = lock('bert@desk', 'run-2');
    expect(second).toMatchObject({ code: lockedCode, stderr: '' });
    expect(second.stdout).toMatch(refused("anna@desk \\(it's me\\)", 'run-1'));
    expect(lock('anna@desk', 'run-1').code).toBe(0);
    const watching = watcher();
    await first.close();
    expect(inRun()).toEqual([]);
    await expect.poll(() => isAlive(watching)).toBe(false);
    expect(lock('bert@desk', 'run-2').code).toBe(0);
    end();
  });

  test('a holder that was killed leaves nothing that lasts', async () => {
    const first = await holder('anna', shell);
    await first.kill();
    expect(existsSync(join(host.root, 'run/holder'))).toBe(true);
    expect(lock('bert', 'run-2').code).toBe(0);
    end();
  });

  test('a run that is not heard of loses its lock, one that is keeps it', async () => {
    const first = await holder('anna', shell, 0.2);
    for (let beats = 0; beats < 12; beats++) {
      await sleep(100);
      expect(sh(beatScript('run-1'), shell).code).toBe(0);
    }
    expect(isAlive(first.pid)).toBe(true);
    expect(sh(beatScript('run-2'), shell).code).toBe(1);
    await first.ended;
    await expect.poll(inRun).toEqual([]);
    expect(sh(beatScript('run-1'), shell).code).toBe(1);
  });

  test('what a killed holder leaves is cleaned up on the host itself', async () => {
    const first = await holder('anna', shell, 0.2);
    await first.kill();
    await expect.poll(inRun, { timeout: 5000 }).toEqual([]);
  });

  test('the lock of a run whose process is dead is ended by another one', async () => {
    const first = await holder('anna', shell);
    expect(sh(endLockScript('run-9'), shell).code).toBe(0);
    expect(isAlive(first.pid)).toBe(true);
    const watching = watcher();
    expect(sh(endLockScript('run-1'), shell)).toEqual({ code: 0, stdout: '', stderr: '' });
    await first.ended;
    await expect.poll(() => isAlive(watching)).toBe(false);
    expect(inRun()).toEqual([]);
  });

  test('steps that still run keep the lock of a run that was cut off', async () => {
    const first = await holder('anna', shell, 0.2);
    const steps = spawn(shell[0], shell.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    steps.stdin.write(`{ ${host.prelude}\n${stepsMark}\necho marked\ncat >/dev/null\nexit 0\n}\n`);
    await new Promise((resolve) => steps.stdout.once('data', resolve));
    await first.close();
    await sleep(1500); // long enough for the host to look for signs of life
    const second = lock('bert', 'run-2');
    expect(second.code).toBe(lockedCode);
    expect(second.stdout).toMatch(refused('anna', 'run-1', String(steps.pid)));
    expect(sh(endLockScript('run-1'), shell)).toEqual({ code: 1, stdout: `${steps.pid}\n`, stderr: '' });
    const ended = new Promise((resolve) => steps.on('close', resolve));
    steps.stdin.end();
    await ended;
    await expect.poll(inRun, { timeout: 5000 }).toEqual([]);
    expect(lock('bert', 'run-2').code).toBe(0);
    end();
  });

  test('of many that come at once one gets it, and the others learn who', async () => {
    const tries = await Promise.all(
      Array.from({ length: 8 }, (_, n) => holder(`runner ${n}`, shell, undefined, `run-${n}`)),
    );
    const winners = tries.flatMap(({ said }, n) => (said === 'code 0\n' ? [n] : []));
    expect(winners).toHaveLength(1);
    const [winner] = winners;
    for (const { said } of tries.filter((_, n) => n !== winner)) {
      expect(said).toMatch(new RegExp(`^runner ${winner}\nrun-${winner}\n`));
      expect(said).toMatch(/^code 75$/m);
    }
    await Promise.all(tries.map(({ close }) => close()));
  });

  test('a lock that names nobody does not last', () => {
    mkdirSync(join(host.root, 'run'));
    writeFileSync(join(host.root, 'run/holder'), '');
    expect(lock('bert', 'run-2').code).toBe(0);
    end();
  });

  test('costs a process and one that watches, to mark a shell that runs steps costs none', () => {
    mkdirSync(join(host.root, 'run'));
    const over = 'read -r watching rest <"$provision_run/watch"; kill "$watching"';
    const taken = runTraced(
      `${host.prelude}\n( ${lockScript(holderOf('anna', 'run-2'))}\n)\n${over}\n`,
      shell,
    );
    expect(existsSync(join(host.root, 'run/holder'))).toBe(true);
    const shown = 'read -r mark <"$provision_run/steps"; echo "$mark"';
    const marked = runTraced(`${stepsPrelude({ name: '3', all: false })}\n${shown}\n`, shell, {
      PROVISION_STATE: join(host.root, 'state'),
      PROVISION_RUN: join(host.root, 'run'),
    });
    expect(marked.stdout.toString()).toMatch(/^\d+ \d+\n$/);
    expect(readFileSync(join(host.root, 'run/steps'), 'utf8')).toBe('');
    if (taken.programs !== undefined)
      // The nap of the process that watches: it may be ended before it begins.
      expect([Math.max(1, taken.programs), marked.programs, marked.forks]).toEqual([1, 0, 0]);
    end();
  });
});

// A copy of busybox under another name is no shell.
const copied = shells.filter(([command]) => command !== 'busybox');

test.each(copied.map((shell) => [shell.join(' '), shell] as const))(
  'a process in %s may be called like the rest of its own line in /proc',
  async (_name, shell) => {
    const path = join(host.root, 'x) Z 1 2 (');
    copyFileSync(execFileSync('sh', ['-c', `command -v ${shell[0]}`], { encoding: 'utf8' }).trim(), path);
    const first = await holder('anna', [path, ...shell.slice(1)]);
    expect(sh(lockScript(holderOf('bert', 'run-2')), shell)).toMatchObject({
      code: lockedCode,
      stdout: expect.stringMatching(refused('anna', 'run-1')),
    });
    await first.close();
    expect(sh(lockScript(holderOf('bert', 'run-2')), shell).code).toBe(0);
    end();
  },
);
