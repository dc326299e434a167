import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

describe('a command with async and poll: 0', () => {
  test('is begun, not waited for, and seen to end by async_status', async () => {
    const began = performance.now();
    const { lines, results } = await project.run(`
- hosts: all
  environment: { HOME: DIR }
  tasks:
    - { name: begin, shell: "sleep 1; echo it; echo came >&2; exit 3", async: 30, poll: 0, register: job }
    - { name: running, async_status: { jid: "{{ job.ansible_job_id }}" }, register: early }
    - name: wait
      async_status: { jid: "{{ job.ansible_job_id }}" }
      register: done
      until: done is finished
      retries: 60
      delay: 0.1
      ignore_errors: true
    - { name: clean, async_status: { jid: "{{ job.ansible_job_id }}", mode: cleanup } }
`);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(lines).toEqual(['a begin changed', 'a running ok', 'a wait failed', 'a clean changed']);
    expect(results[0]?.result).toMatchObject({ started: 1, finished: 0 });
    expect(results[1]?.result).toMatchObject({ started: 1, finished: 0 });
    expect(results[2]?.result).toMatchObject({ finished: 1, rc: 3, stdout: 'it', stderr: 'came' });
    const file = String((results[0]?.result as Readonly<Record<string, unknown>> | undefined)?.results_file);
    expect(existsSync(`${file}.out`)).toBe(false);
  });

  test('is not expected to have made at once what creates names, and is not begun again once it has', async () => {
    const plays = `
- hosts: all
  environment: { HOME: DIR }
  tasks:
    - { name: begin, shell: { cmd: "sleep 0.3; touch it", chdir: ~/, creates: ~/it }, async: 30, poll: 0, register: job }
    - name: wait
      async_status: { jid: "{{ job.ansible_job_id }}" }
      register: done
      until: done is finished
      retries: 60
      delay: 0.1
      when: job is changed
`;
    expect((await project.run(plays)).lines).toEqual(['a begin changed', 'a wait changed']);
    expect(existsSync(project.path('it'))).toBe(true);
    expect((await project.run(plays)).lines).toEqual(['a begin ok', 'a wait skipped']);
  });

  test('is ended when its time is over', async () => {
    const { results } = await project.run(`
- hosts: all
  environment: { HOME: DIR }
  tasks:
    - { name: begin, command: sleep 60, async: 1, poll: 0, register: job }
    - name: wait
      async_status: { jid: "{{ job.ansible_job_id }}" }
      register: done
      until: done is finished
      retries: 60
      delay: 0.1
      ignore_errors: true
`);
    expect(results.at(-1)?.message).toContain('its time (async) was over');
  });
});

test('a command that is waited for ends with its time', async () => {
  const { results } = await project.run(`
- hosts: all
  tasks: [{ name: slow, command: sleep 60, async: 1, poll: 1 }]
`);
  expect(results[0]?.message).toContain('it did not end within 1 s');
});

test('a job that nobody began is an error', async () => {
  const { results } = await project.run(`
- hosts: all
  tasks: [{ name: wait, async_status: { jid: j1.1 }, environment: { HOME: DIR } }]
`);
  expect(results[0]?.message).toContain('could not find job j1.1');
});
