import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const sleeps = 'echo waiting for it; sleep 60 & echo $! >DIR/pid; wait';

function ended(): boolean {
  const pid = readFileSync(project.path('pid'), 'utf8').trim();
  // Whoever nobody reaps stays as a zombie.
  return !existsSync(`/proc/${pid}`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

describe('a task with a timeout', () => {
  test('is ended on its host, says so, and lets nothing behind it begin', async () => {
    const began = performance.now();
    const { lines, results, exitCode } = await project.run(`
- hosts: all
  vars: { patience: 1 }
  tasks:
    - name: slow
      shell: "${sleeps}"
      timeout: "{{ patience }}"
    - { name: after, copy: { dest: DIR/after, content: x } }
`);
    expect(performance.now() - began).toBeLessThan(6000);
    expect([lines, exitCode]).toEqual([['a slow failed'], 2]);
    expect(results[0]?.message).toBe(
      'it did not end within 1 s (timeout), and was ended on the host; it had printed: waiting for it',
    );
    expect(results[0]?.result).toMatchObject({ timedout: { period: 1 }, rc: 124, stdout: 'waiting for it' });
    expect(ended()).toBe(true);
    expect(existsSync(project.path('after'))).toBe(false);
    expect(existsSync(project.path('run/holder'))).toBe(false);
  });

  test.each([
    ['the task', 'tasks: [{ name: slow, shell: "SLEEPS", timeout: 1 }]'],
    ['its block', 'tasks: [{ timeout: 1, block: [{ name: slow, shell: "SLEEPS" }] }]'],
    ['its play', 'timeout: 1\n  tasks: [{ name: slow, shell: "SLEEPS" }]'],
    [
      'a handler',
      'tasks: [{ copy: { dest: DIR/x, content: x }, notify: slow }]\n  handlers: [{ name: slow, shell: "SLEEPS", timeout: 1 }]',
    ],
    [
      'the task, a mere look',
      'tasks: [{ name: slow, shell: "SLEEPS", timeout: 1, changed_when: false, check_mode: false }]',
    ],
    [
      'the task, which waits for a file',
      'tasks: [{ name: slow, wait_for: { path: DIR/never }, timeout: 1 }]',
    ],
  ])('whose word is that of %s', async (_whose, text) => {
    const began = performance.now();
    const { lines, exitCode } = await project.run(`- hosts: all\n  ${text.replaceAll('SLEEPS', sleeps)}\n`);
    expect(performance.now() - began).toBeLessThan(8000);
    expect([lines.at(-1), exitCode]).toEqual(['a slow failed', 2]);
  });

  test('a mere look is bounded in check mode too', async () => {
    const look = `- hosts: all
  tasks: [{ name: slow, shell: "${sleeps}", timeout: 1, changed_when: false, check_mode: false }]`;
    const { results, exitCode } = await project.run(look, { check: true });
    expect([results[0]?.message, exitCode]).toEqual([expect.stringContaining('within 1 s (timeout)'), 2]);
    expect(ended()).toBe(true);
  });

  test.each([
    ['0, which is none', '0'],
    ['more than it needs', '30'],
    ['the 0 of a task inside a play with a limit', '0\n  tags: inner'],
  ])('%s lets it end', async (_what, limit) => {
    const [own = '', more = ''] = limit.split('\n');
    const { lines } = await project.run(`
- hosts: all
  timeout: 1
${more}
  tasks: [{ name: slow, shell: sleep 1.5, timeout: ${own} }]
`);
    expect(lines).toEqual(['a slow changed']);
  });

  test('each item of a loop has its own time, and each is tried', async () => {
    const { lines, results } = await project.run(`
- hosts: all
  tasks:
    - name: item
      shell: "sleep {{ item }}; echo {{ item }}"
      loop: [0, 60, 0.9]
      timeout: 2
`);
    expect(lines).toEqual(['a item (0) changed', 'a item (60) failed', 'a item (0.9) changed']);
    expect(results.map(({ result }) => result?.timedout)).toEqual([undefined, { period: 2 }, undefined]);
  });

  test('rescue, ignore_errors and register see it; failed_when and until do not overrule it', async () => {
    const { lines, exitCode, recap } = await project.run(`
- hosts: all
  tasks:
    - block:
        - { name: rescued, shell: sleep 60, timeout: 1, failed_when: false }
      rescue:
        - { name: rescue, debug: { msg: "{{ ansible_failed_result.timedout.period }}" } }
    - { name: ignored, shell: sleep 60, timeout: 1, ignore_errors: true, register: it }
    - { name: registered, assert: { that: it is failed and it.timedout.period == 1 } }
    - { name: tried, shell: "echo x >>DIR/tries; sleep 60", timeout: 1, retries: 5, delay: 0, until: false, ignore_errors: true }
`);
    expect(lines).toEqual([
      'a rescued failed',
      'a rescue ok',
      'a ignored failed',
      'a registered ok',
      'a tried failed',
    ]);
    expect([exitCode, recap.a]).toEqual([0, expect.objectContaining({ rescued: 1, ignored: 2, failed: 0 })]);
    expect(readFileSync(project.path('tries'), 'utf8')).toBe('x\n');
  });

  test('a handler that takes too long puts the files of its play back', async () => {
    project.write('file', 'old');
    const { events, exitCode } = await project.run(`
- hosts: all
  tasks: [{ copy: { dest: DIR/file, content: new }, notify: slow }]
  handlers: [{ name: slow, shell: "grep -q old DIR/file || sleep 60", timeout: 1 }]
`);
    expect(exitCode).toBe(2);
    expect(events.find(({ type }) => type === 'rolled-back')).toMatchObject({
      files: [project.path('file')],
    });
    expect(readFileSync(project.path('file'), 'utf8')).toBe('old');
  });

  test('who ends in order has a second for it', async () => {
    const { lines } = await project.run(`
- hosts: all
  tasks:
    - name: slow
      shell: "trap 'echo tidy >DIR/tidy; exit' TERM; sleep 60 & wait"
      timeout: 1
      ignore_errors: true
    - { name: tidied, command: cat DIR/tidy }
`);
    expect(lines).toEqual(['a slow failed', 'a tidied changed']);
  });

  test('what is no number of seconds fails the task, with the place', async () => {
    const { results } = await project.run(`
- hosts: all
  vars: { patience: soon }
  tasks: [{ name: slow, shell: "true", timeout: "{{ patience }}" }]
`);
    expect(results[0]?.message).toContain('timeout must be a whole number of seconds, not soon');
  });
});
