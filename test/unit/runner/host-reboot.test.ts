import { describe, expect, test } from 'vitest';
import type { RebootStep } from '../../../src/resources/step.ts';
import { rebootHost } from '../../../src/runner/host-reboot.ts';
import type { HostOutput, HostSection } from '../../../src/runner/host-section.ts';
import { type UnreachableCode, UnreachableError } from '../../../src/transport/connection.ts';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const step: RebootStep = {
  kind: 'reboot',
  boot: 'boot',
  script: 'reboot',
  test: 'test',
  patience: 30,
  settle: 0,
};
const { signal } = new AbortController();
const running = { stop: signal, kill: signal };

interface Answer {
  readonly code?: number;
  readonly text?: string;
}

/** A host that answers each script in turn, and cannot be reached as often as there are codes. */
function session(answers: Readonly<Record<string, Answer[]>>, unreachable: UnreachableCode[] = []) {
  const asked: string[] = [];
  return {
    local: false,
    asked,
    async renew() {
      asked.push('connect');
      const code = unreachable.shift();
      if (code) throw new UnreachableError(code, `cannot be reached: ${code}`);
    },
    async run(sections: readonly HostSection[]) {
      const [{ id, script } = { id: '', script: '' }] = sections;
      asked.push(script);
      const { code = 0, text = '' } = answers[script]?.shift() ?? {};
      const output = { id, code, stdout: Buffer.from(text), stderr: Buffer.from(code === 0 ? '' : text) };
      return new Map<string, HostOutput>([[id, output]]);
    },
  };
}

describe('a restarted host', { timeout: 30_000 }, () => {
  test('is waited for until it is another boot and its test succeeds', async () => {
    const boot = [{ text: 'one' }, { text: 'one' }, { text: 'two' }, { text: 'two' }];
    const host = session({ boot, test: [{ code: 1, text: 'not yet' }, {}] }, ['connect']);
    const output = await rebootHost(running, host, step, undefined);
    expect(output).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+$/) });
    expect(host.asked).toEqual([
      ...[
        'boot',
        'reboot',
        'connect',
        'connect',
        'boot',
        'connect',
        'boot',
        'test',
        'connect',
        'boot',
        'test',
      ],
    ]);
  });

  test.each([
    [{ boot: [{ text: 'one' }], reboot: [{ code: 1, text: 'only root' }] }, 'only root'],
    [{ boot: [{ code: 1, text: 'no file' }] }, 'cannot say which boot this is: no file'],
  ])('%j: nothing is waited for', async (answers, stderr) => {
    const host = session(answers);
    expect(await rebootHost(running, host, step, undefined)).toMatchObject({ code: 1, stderr });
    expect(host.asked).not.toContain('connect');
  });

  test('whose key has changed is another one', async () => {
    const host = session({ boot: [{ text: 'one' }] }, ['changed-host-key']);
    await expect(rebootHost(running, host, step, undefined)).rejects.toThrow('changed-host-key');
  });

  test('that does not come back fails the task, with what was the last obstacle', async () => {
    const host = session({ boot: [{ text: 'one' }] }, ['connect']);
    expect(await rebootHost(running, host, { ...step, patience: 0.5 }, undefined)).toMatchObject({
      code: 1,
      stderr: 'Timed out waiting for the host to be back after 0.5 s: cannot be reached: connect',
    });
  });

  test('is not waited for when the run is to stop', async () => {
    const stopped = { stop: AbortSignal.abort(), kill: signal };
    const output = await rebootHost(stopped, session({ boot: [{ text: 'one' }] }), step, undefined);
    expect(output.stderr).toBe('the run was stopped while the host restarted');
  });
});

const project = emptyProject();

test('the control node itself is not restarted, and a plan says so', async () => {
  const play = '- hosts: all\n  gather_facts: false\n  tasks:\n    - { name: Restart, reboot: }\n';
  for (const check of [true, false]) {
    const { results } = await project.run(play, { check });
    expect(results[0]).toMatchObject({
      status: 'failed',
      message: 'Running reboot with local connection would reboot the control node.',
    });
  }
});
