import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planDifferences } from '../../../src/cli/plan-file/planned-changes.ts';
import { quote } from '../../../src/shell/quote.ts';
import { main } from '../../helpers/cli/built-command.ts';
import { folder, provision } from '../../helpers/cli/command.ts';

const site = `
inventory: { hosts: { a: { ansible_connection: local }, b: { ansible_connection: local } } }
plays:
  - name: Files
    hosts: all
    gather_facts: false
    vars: { here: "{{ playbook_dir }}/{{ inventory_hostname }}", text: one }
    tasks:
      - name: a directory
        file: { path: "{{ here }}", state: directory, mode: "0755" }
      - name: a file
        copy: { content: "{{ text }}\\n", dest: "{{ here }}/file", mode: "0644" }
`;

function place(files: Readonly<Record<string, string>> = { 'site.yml': site }) {
  const cwd = folder(files);
  const env = {
    HOME: cwd,
    PROVISION_STATE: `${cwd}/.state`,
    PROVISION_RUN: `${cwd}/.run`,
    PROVISION_RECORDS: 'off',
  };
  return { cwd, env };
}

describe('plan -o FILE and apply FILE', () => {
  it('does what was planned, with the options of the plan, from wherever it is called', async () => {
    const at = place();
    const plan = await provision(['plan', 'site.yml', '-l', 'a', '-e', 'text=two', '-o', 'site.plan'], at);
    expect(plan.code).toBe(0);
    expect(plan.stderr).toContain(
      'the plan is in site.plan; to do exactly that: provision apply site.plan\n',
    );
    expect(statSync(join(at.cwd, 'site.plan')).mode & 0o777).toBe(0o600);
    const elsewhere = { ...at, cwd: folder({}) };
    const done = await provision(['apply', join(at.cwd, 'site.plan'), '--report', 'run.md'], elsewhere);
    expect(done.code).toBe(0);
    expect(done.stdout).toContain('2 changed on 1 host');
    expect(readFileSync(join(at.cwd, 'a/file'), 'utf8')).toBe('two\n');
    expect(existsSync(join(at.cwd, 'b'))).toBe(false);
    expect(existsSync(join(elsewhere.cwd, 'run.md'))).toBe(true);
    const again = await provision(['apply', 'site.plan'], at);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain("a: 'a directory' was to be changed, and need not be any more");
  });

  it('is refused when a host is another one than it was, and changes nothing then', async () => {
    const at = place();
    await provision(['apply', 'site.yml', '-e', 'text=old'], at);
    await provision(['plan', 'site.yml', '-o', 'site.plan'], at);
    writeFileSync(join(at.cwd, 'a/file'), 'somebody else\n');
    writeFileSync(join(at.cwd, 'b/file'), 'one\n');
    const { code, stdout, stderr } = await provision(['apply', 'site.plan'], at);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^site\.plan does not hold any more, nothing was changed\n/);
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      "b: 'a file' was to be changed, and need not be any more; a: 'a file' would be changed otherwise now",
    );
    expect(stderr).toContain('provision plan site.yml -o site.plan');
    expect(readFileSync(join(at.cwd, 'a/file'), 'utf8')).toBe('somebody else\n');
  });

  it('is refused when the playbook is another one, before any host is asked', async () => {
    const at = place();
    await provision(['plan', 'site.yml', '-o', 'site.plan'], at);
    writeFileSync(join(at.cwd, 'site.yml'), site.replace('text: one', 'text: two'));
    const { code, stderr } = await provision(['apply', 'site.plan'], at);
    expect(code).toBe(1);
    expect(stderr).toContain('the playbook, or a file that it uses, is another one now');
    expect(existsSync(join(at.cwd, 'a'))).toBe(false);
  });

  it('is not written where not all was seen, nor by a wrong playbook', async () => {
    const off = site.replace(
      'b: { ansible_connection: local }',
      'off: { ansible_host: 127.0.0.1, ansible_port: 1 }',
    );
    const at = place({ 'site.yml': off, 'wrong.yml': '- hosts: [\n' });
    const { code, stderr } = await provision(['plan', 'site.yml', '-o', 'site.plan'], at);
    expect(code).toBe(4);
    expect(stderr).toContain('the plan was not written to site.plan: not all was seen of off\n');
    expect((await provision(['plan', 'wrong.yml', '-o', 'site.plan'], at)).code).toBe(1);
    expect(existsSync(join(at.cwd, 'site.plan'))).toBe(false);
  });

  it('names each kind of difference', () => {
    const item = (name: string, digest = '1') => ({ host: 'h', name, key: name, digest });
    expect(
      planDifferences([item('x'), item('y'), item('z')], [item('y'), item('z', '2'), item('n')]),
    ).toEqual([
      "h: 'x' was to be changed, and need not be any more",
      "h: 'n' was in order, and would be changed now",
      "h: 'z' would be changed otherwise now",
    ]);
  });
});

/** `apply --ask` on a terminal of its own. */
async function asked(
  at: ReturnType<typeof place>,
  answer: string,
): Promise<{ readonly code: number | null; readonly text: string }> {
  const command = [process.execPath, main, 'apply', 'site.yml', '--ask'].map(quote).join(' ');
  const env = { PATH: process.env.PATH, TERM: 'dumb', ...at.env };
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: at.cwd,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  let told = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (told || !text.includes('[yes/no]')) return;
    told = true;
    child.stdin.write(`${answer}\n`);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}

describe('apply --ask', () => {
  it('shows the plan, and changes nothing before a yes', async () => {
    const at = place();
    const no = await asked(at, 'no');
    expect(no.text).toContain('+ a directory');
    expect(no.text).toContain('Do this: 4 changes on 2 hosts? [yes/no]');
    expect(no.text).toContain('nothing was changed');
    expect(no.code).toBe(1);
    expect(existsSync(join(at.cwd, 'a'))).toBe(false);
    const yes = await asked(at, 'yes');
    expect(yes.code).toBe(0);
    expect(yes.text).toContain('4 changed on 2 hosts');
    const nothing = await provision(['apply', 'site.yml', '--ask'], at);
    expect(nothing.code).toBe(0);
    expect(nothing.stdout).not.toContain('Do this');
  });

  it('without a terminal says so, and changes nothing', async () => {
    const at = place();
    const { code, stderr } = await provision(['apply', 'site.yml', '--ask'], at);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no terminal');
    expect(existsSync(join(at.cwd, 'a'))).toBe(false);
  });
});
