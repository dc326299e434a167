import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../helpers/cli/built-command.ts';
import { type Finished, folder, provision } from '../../helpers/cli/command.ts';

/** A playbook for this machine alone; the tasks may use `{{ here }}`, a folder of their own. */
function playbook(tasks: string, handlers = '[]'): string {
  return `
inventory: { hosts: { me: { ansible_connection: local } } }
plays:
  - name: this machine
    hosts: me
    gather_facts: false
    vars: { here: "{{ playbook_dir }}" }
    handlers: ${handlers}
    tasks:
${tasks.replace(/^/gm, '      ')}
`;
}

const twoFiles = playbook(`- name: a directory
  file: { path: "{{ here }}/made", state: directory, mode: "0755" }
- name: a file
  copy: { content: "hello\\n", dest: "{{ here }}/made/file", mode: "0644" }
- debug: { msg: shown }`);

function home(files: Readonly<Record<string, string>>): {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
} {
  const cwd = folder(files);
  return { cwd, env: { HOME: cwd, PROVISION_STATE: join(cwd, '.state'), PROVISION_RUN: join(cwd, '.run') } };
}

describe('apply', () => {
  it('changes, says so, and changes nothing the second time', async () => {
    const place = home({ 'site.yml': twoFiles });
    const first = await provision(['apply', 'site.yml', '--diff'], place);
    expect(first.code).toBe(0);
    expect(readFileSync(join(place.cwd, 'made/file'), 'utf8')).toBe('hello\n');
    expect(first.stderr).toMatch(/ {2}changed {3}a file +me\n/);
    expect(first.stdout).toContain('+hello');
    expect(first.stdout).toContain('me: shown\n');
    expect(first.stdout).toMatch(/me +ok=1 +changed=2 /);
    const second = await provision(['apply', 'site.yml'], place);
    expect(second.code).toBe(0);
    expect(second.stdout).toContain('0 changed on 1 host');
  });

  it('--check changes nothing and lists what would change, without diffs', async () => {
    const place = home({ 'site.yml': twoFiles });
    const { code, stdout } = await provision(['apply', 'site.yml', '--check'], place);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ {2}\+ a directory +me\n {6}state: absent -> directory/);
    expect(stdout).toContain('Plan: 2 to change, 0 unknown, 1 ok on 1 host');
    expect(stdout).not.toContain('+hello');
    expect(existsSync(join(place.cwd, 'made'))).toBe(false);
  });

  it('an ssh_config that is not there: reported once, before any host', async () => {
    const place = home({ 'site.yml': twoFiles });
    const words = ['apply', 'site.yml', '--ssh-config', 'nope'];
    const { code, stdout, stderr } = await provision(words, place);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^--ssh-config nope: there is no such file\n {2}hint: /);
  });

  it('a task that fails: exit code 2, what failed on stderr, what next', async () => {
    const place = home({ 'site.yml': playbook('- name: break\n  command: sh -c "echo oh no >&2; exit 3"') });
    const { code, stderr, stdout } = await provision(['apply', 'site.yml'], place);
    expect(code).toBe(2);
    expect(stderr).toMatch(/FAILED {4}break on me\n/);
    expect(stderr).toMatch(
      /\nFAILED break on me\n {2}exit code 3: oh no\n {2}at +site\.yml:\d+:\d+\n {2}next +try /,
    );
    expect(stderr.split('oh no')).toHaveLength(2);
    expect(stderr).not.toContain('--limit');
    expect(stdout).toContain('0 changed; of 1 host 1 failed');
  });

  it('a host that cannot be reached: exit code 4', async () => {
    const site =
      'inventory: { hosts: { gone: { ansible_host: 127.0.0.1, ansible_port: 1 } } }\nplays: [{ name: p, hosts: all, tasks: [{ debug: { msg: hello } }] }]\n';
    const { code, stderr, stdout } = await provision(
      ['apply', 'site.yml', '--connect-timeout', '5'],
      home({ 'site.yml': site }),
    );
    expect(code).toBe(4);
    expect(stderr).toMatch(/Unreachable: gone\n {2}what .*refused/);
    expect(stdout).toMatch(/gone .*unreachable=1/);
  });

  it('-v shows what commands print', async () => {
    const place = home({ 'site.yml': playbook('- name: speak\n  command: echo spoken') });
    expect((await provision(['apply', 'site.yml'], place)).stdout).not.toContain('spoken');
    expect((await provision(['apply', 'site.yml', '-v'], place)).stdout).toContain(
      'me: speak\n  stdout:\n    spoken\n',
    );
  });

  it('--json shows events and nothing else on stdout', async () => {
    const { code, stdout, stderr } = await provision(
      ['apply', 'site.yml', '--json'],
      home({ 'site.yml': twoFiles }),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ type: 'run-start', format: 2, check: false, hosts: ['me'] });
    expect(events.at(-1)).toMatchObject({ type: 'recap', exitCode: 0, hosts: { me: { changed: 2 } } });
  });

  it('a reader that goes away does not stop it', async () => {
    const { cwd, env } = home({ 'site.yml': twoFiles });
    const child = spawn(process.execPath, [main, 'apply', 'site.yml', '--json'], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(readFileSync(join(cwd, 'made/file'), 'utf8')).toBe('hello\n');
  });
});

describe('plan', () => {
  it('is apply --check --diff', async () => {
    const place = home({ 'site.yml': twoFiles });
    const { code, stdout } = await provision(['plan', 'site.yml'], place);
    expect(code).toBe(0);
    expect(stdout).toContain('      +hello\n');
    expect(existsSync(join(place.cwd, 'made'))).toBe(false);
  });

  it('--detailed-exitcode: 2 with changes, 0 without, 1 for an error', async () => {
    const place = home({ 'site.yml': twoFiles, 'bad.yml': playbook('- fail: { msg: no }') });
    const code = async (file: string): Promise<number | null> =>
      (await provision(['plan', file, '--detailed-exitcode'], place)).code;
    expect(await code('site.yml')).toBe(2);
    await provision(['apply', 'site.yml'], place);
    expect(await code('site.yml')).toBe(0);
    expect(await code('bad.yml')).toBe(1);
    expect(await code('none.yml')).toBe(1);
  });
});

describe('interrupted', () => {
  const slow = playbook(`- name: begin
  shell: "touch {{ here }}/begun; sleep 2; touch {{ here }}/ended"
- name: go on
  shell: "touch {{ here }}/gone-on"`);

  /** Starts a run, sends signals once its first step is in flight, and waits. */
  async function interrupted(
    signals: readonly NodeJS.Signals[],
    text = slow,
    ...options: readonly string[]
  ): Promise<Finished & { cwd: string; seconds: number }> {
    const { cwd, env } = home({ 'site.yml': text });
    const child = spawn(process.execPath, [main, 'apply', 'site.yml', ...options], {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const closed = new Promise<Finished>((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
    while (child.exitCode === null && !existsSync(join(cwd, 'begun')))
      await new Promise((done) => setTimeout(done, 20));
    const began = performance.now();
    for (const signal of signals) {
      child.kill(signal);
      await new Promise((done) => setTimeout(done, 500));
    }
    return { ...(await closed), cwd, seconds: (performance.now() - began) / 1000 };
  }

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by one %s: the step in flight ends, nothing new begins, exit code 130',
    async (signal) => {
      const { code, stdout, stderr, cwd } = await interrupted([signal]);
      expect(code).toBe(130);
      expect(stderr).toContain('finishing the steps in flight; press Ctrl-C again to stop at once');
      expect(stdout).toMatch(/me +ok=/);
      expect([existsSync(join(cwd, 'ended')), existsSync(join(cwd, 'gone-on'))]).toEqual([true, false]);
    },
  );

  it('by two: at once', async () => {
    const { code, stderr, seconds } = await interrupted(['SIGINT', 'SIGINT']);
    expect(code).toBe(130);
    expect(stderr).toContain('stopping at once');
    expect(seconds).toBeLessThan(1.8);
  });

  it.each([
    ['a look', 'shell: "touch {{ here }}/begun; sleep 60"\n  changed_when: false\n  check_mode: false'],
    ['the next try', 'shell: "touch {{ here }}/begun; false"\n  until: false\n  retries: 5\n  delay: 60'],
    ['wait_for', 'wait_for: { path: "{{ here }}/never" }'],
  ])('while nothing is in flight but %s: at once', async (what, task) => {
    const first = what === 'wait_for' ? '- shell: "touch {{ here }}/begun"\n' : '';
    const { code, stderr, seconds, cwd } = await interrupted(
      ['SIGTERM'],
      playbook(`${first}- name: waits\n  ${task}`),
    );
    expect([code, seconds < 3], `${seconds} s`).toEqual([130, true]);
    // What is only asked for is asked ahead of its task, and the step before it may not have ended yet.
    expect(stderr.replace(/\s+/g, ' ')).toMatch(/not done: me \((not begun|at '(shell|waits)')\)/);
    expect(existsSync(join(cwd, '.run/holder'))).toBe(false);
  });

  it.each([
    ['ends: in order', 'sleep 2', 3.5, 'ended'],
    ['does not end: it is ended ten seconds later', 'sleep 60', 15, undefined],
  ])('by --timeout, while a step goes on that %s', async (_what, step, most, done) => {
    const text = playbook(
      `- name: begin\n  shell: "touch {{ here }}/begun; ${step}; touch {{ here }}/ended"\n- name: go on\n  shell: "touch {{ here }}/gone-on"`,
    );
    const { code, stderr, seconds, cwd } = await interrupted([], text, '--timeout', '1');
    expect([code, seconds < most], `${seconds} s`).toEqual([124, true]);
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      "interrupted: the run's time (--timeout) was over; nothing new was started",
    );
    expect(stderr.replace(/\s+/g, ' ')).toMatch(/not done: me \(at '/);
    expect([existsSync(join(cwd, 'ended')), existsSync(join(cwd, 'gone-on'))]).toEqual([
      done !== undefined,
      false,
    ]);
    expect(existsSync(join(cwd, '.run/holder'))).toBe(false);
  });

  it('by --timeout, when all is done in time: as if it were not there', async () => {
    const { code } = await interrupted([], playbook('- shell: "touch {{ here }}/begun"'), '--timeout', '60');
    expect(code).toBe(0);
  });
});
