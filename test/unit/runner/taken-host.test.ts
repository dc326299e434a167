import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { thisProcess } from '../../../src/runner/control-process.ts';
import { lockScript } from '../../../src/runner/host-lock.ts';
import { statePrelude } from '../../../src/runner/state-directories.ts';
import { emptyProject } from '../../helpers/runner/local-run.ts';
import { isAlive } from '../../helpers/transport/programs.ts';

const project = emptyProject();

describe('a host that another run has', () => {
  test('is refused, naming that run', async () => {
    const first = project.run(`
- hosts: all
  tasks:
    - shell: sleep 1
`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const second = await project.run('- hosts: all\n  tasks:\n    - debug: { msg: x }\n');
    expect(second.exitCode).toBe(2);
    const failed = second.events.find(({ type }) => type === 'host-failed');
    expect(failed).toMatchObject({
      message: expect.stringMatching(/another run has this host: .*provision apply play\.yml/),
    });
    expect((await first).exitCode).toBe(0);
  });

  test('is taken over at once from a run that was killed on this machine, though its shell has not noticed', async () => {
    const left = await abandonedLock(`${machine}:${spawnSync('true').pid}:1`);
    const run = await project.run('- hosts: all\n  tasks:\n    - ping:\n');
    expect(run.exitCode).toBe(0);
    await expect.poll(() => isAlive(left.pid)).toBe(false);
    expect(readdirSync(project.path('run'))).toEqual([]);
  });

  test('is left to a run of another machine that has not noticed either', async () => {
    const left = await abandonedLock('another-machine:1:1');
    const run = await project.run('- hosts: all\n  tasks:\n    - ping:\n');
    expect(run.exitCode).toBe(2);
    const failed = run.events.find(({ type }) => type === 'host-failed');
    expect(failed).toMatchObject({
      message: expect.stringMatching(
        new RegExp(
          `^another run has this host: anna@desk, last heard of \\d+ s ago\\. .* To end it now: kill -KILL ${left.pid}$`,
        ),
      ),
    });
    left.kill('SIGKILL');
    expect((await project.run('- hosts: all\n  tasks:\n    - ping:\n')).exitCode).toBe(0);
  });
});

const [machine] = thisProcess().split(':');

/** A shell that has the lock, at the other end of a link of which nothing is heard. */
async function abandonedLock(process: string): Promise<ChildProcess & { pid: number }> {
  const shell = spawn('sh', ['-s'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const script = lockScript({ who: 'anna@desk', run: 'run-1', process });
  shell.stdin.write(`{ ${statePrelude}\n( ${script}\n)\necho taken\n}\n`);
  await new Promise((resolve) => shell.stdout.once('data', resolve));
  return shell as typeof shell & { pid: number };
}
