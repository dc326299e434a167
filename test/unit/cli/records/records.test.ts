import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder, provision } from '../../../helpers/cli/command.ts';

const site = `
inventory: { hosts: { a: { ansible_connection: local }, b: { ansible_connection: local } } }
plays:
  - name: Files
    hosts: all
    gather_facts: false
    vars: { here: "{{ playbook_dir }}/{{ inventory_hostname }}", pw: Sup3rS3cretPw }
    tasks:
      - name: a directory
        file: { path: "{{ here }}", state: directory, mode: "0755" }
      - name: a secret
        copy: { content: "{{ pw }}\\n", dest: "{{ here }}/secret", mode: "0600" }
        no_log: true
      - name: says it
        shell: "echo it is {{ pw }}; false"
        ignore_errors: true
      - name: a file
        copy: { content: "one {{ pw }}\\ntwo\\n", dest: "{{ here }}/file", mode: "0644" }
      - name: fails on b
        command: sh -c 'echo why >&2; exit 3'
        when: inventory_hostname == 'b'
`;

function place(env: NodeJS.ProcessEnv = {}) {
  const cwd = folder({ 'site.yml': site });
  return {
    cwd,
    env: { HOME: cwd, TZ: 'UTC', PROVISION_STATE: `${cwd}/.state`, PROVISION_RUN: `${cwd}/.run`, ...env },
  };
}

const records = '.local/state/provision/records';

describe('provision runs and show', () => {
  it('list what ran, and show one run with what changed and failed', async () => {
    const at = place();
    expect(await provision(['runs'], at)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no run has been kept yet; `provision plan` and `provision apply` keep theirs\n',
    });
    expect((await provision(['plan', 'site.yml'], at)).code).toBe(0);
    expect((await provision(['apply', 'site.yml', '-D'], at)).code).toBe(2);
    expect((await provision(['run', 'a', '-i', 'site.yml', '--', 'true'], at)).code).toBe(0);
    const { stdout: list } = await provision(['runs'], at);
    const lines = list
      .split('\n')
      .map((line) => line.replace(/\d\d-\d\d \d\d:\d\d/, 'WHEN').replace(/\S+ m?s {2}/, 'T  '));
    expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual([
      'run when command playbook changed failed took ended',
      ' 3 WHEN run command line 1 0 T ok',
      ' 2 WHEN apply site.yml 6 1 T code 2',
      expect.stringMatching(/^ 1 WHEN plan site\.yml \d+ 0 T ok$/),
      '',
    ]);
    const { code, stdout } = await provision(['show', '2', '-D'], at);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^run 2: apply site\.yml\n\S+ \S+, .*, provision \S+: exit code 2\n\nhosts\na +ok=/,
    );
    expect(stdout).toContain('\nfailed\n  b  fails on b\n    exit code 3: why\n    | why\n\nchanged\n');
    expect(stdout).toContain('  + a directory  a, b\n      state: absent -> directory\n      mode: 0755\n');
    expect(stdout).toContain(`      +++ ${at.cwd}/a/file\n      @@ -0,0 +1 @@\n      +one ***two\n`);
    const { stdout: last } = await provision(['show'], at);
    expect(last).toContain('run 3: run command line\n');
  });

  it('keep nothing that the screen hides', async () => {
    const at = place();
    await provision(['apply', 'site.yml', '-D', '-v'], at);
    const { stdout } = await provision(['show', '--json'], at);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'run', format: 1, command: 'apply', exitCode: 2 });
    expect(stdout).toContain('it is ***');
    const files = readdirSync(join(at.cwd, records)).map((name) => readFileSync(join(at.cwd, records, name)));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(file.includes('Sup3rS3cretPw')).toBe(false);
  });

  it('say what is wrong: no such run, no number, nothing kept at all', async () => {
    const at = place();
    await provision(['plan', 'site.yml'], at);
    expect(await provision(['show', '7'], at)).toMatchObject({
      code: 1,
      stderr: 'there is no run 7\n  hint: `provision runs` lists those that are kept\n',
    });
    const word = await provision(['show', 'site.yml'], at);
    expect(word.code).toBe(1);
    expect(word.stderr).toContain('It must be the number of a run; `provision runs` lists them.');
    const off = { ...at, env: { ...at.env, PROVISION_RECORDS: 'off' } };
    expect(await provision(['runs'], off)).toMatchObject({
      code: 1,
      stderr:
        'no runs are kept: PROVISION_RECORDS is off\n  hint: PROVISION_RECORDS=DIRECTORY says where they are to be kept\n',
    });
    expect((await provision(['plan', 'site.yml'], off)).code).toBe(0);
    const slip = await provision(['plan', 'site.yml'], {
      ...at,
      env: { ...at.env, PROVISION_RECORDS: 'yes' },
    });
    expect(slip.code).toBe(0);
    expect(slip.stderr).toContain(
      'warning: this run is not kept for `provision runs`: PROVISION_RECORDS is yes, which is neither on nor off nor a path',
    );
    expect((await provision(['runs', '--json'], at)).stdout).toMatch(/"runs": \[\s*\{\s*"id": 1,[^{]*\]/);
  });
});

describe('--report', () => {
  it('writes the run as a page, for CI and for people, each for its owner alone; the screen stays as it is', async () => {
    const at = place();
    const { env } = place({ PROVISION_RECORDS: 'off' });
    const files = ['run.html', 'run.xml', 'run.md'];
    const words = ['apply', 'site.yml', ...files.flatMap((file) => ['--report', file])];
    const { code, stdout, stderr } = await provision(words, { ...at, env: { ...env, HOME: at.cwd } });
    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe('report: run.html, run.xml, run.md');
    expect(stdout).not.toContain('+one');
    const [page = '', xml = '', text = ''] = files.map((file) => readFileSync(join(at.cwd, file), 'utf8'));
    for (const file of files) expect(statSync(join(at.cwd, file)).mode & 0o777).toBe(0o600);
    expect(page).toContain('<span class="ok">+one ***two</span>');
    expect(xml).toContain('<testcase classname="b" name="fails on b [command]"');
    expect(text).toContain('  +one ***two\n');
    expect(page + xml + text).not.toContain('Sup3rS3cretPw');
  });

  it('of a run that is kept, with those before it', async () => {
    const at = place();
    for (let run = 0; run < 2; run++) await provision(['apply', 'site.yml'], at);
    const shown = await provision(['show', '--report', 'late.html'], at);
    expect(shown).toMatchObject({ code: 0, stdout: '', stderr: 'report: late.html\n' });
    expect(readFileSync(join(at.cwd, 'late.html'), 'utf8')).toContain(
      '1 run of this playbook on the same control node',
    );
  });

  it.each([
    [['--report', 'run.pdf'], 'It must end with .html (a page), .xml (JUnit) or .md (Markdown).'],
    [['--report', 'none/run.md'], '--report none/run.md: there is no directory none'],
    [['--report', 'dir.md'], '--report dir.md: that is a directory'],
  ])('%j is refused before any host is asked', async (words, message) => {
    const at = place();
    mkdirSync(join(at.cwd, 'dir.md'));
    const { code, stdout, stderr } = await provision(['apply', 'site.yml', ...words], at);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    const shown = await provision(['show', ...words], at);
    expect(shown.code).toBe(1);
    expect(shown.stderr).toContain(message);
  });
});

describe('docs/runs.md', () => {
  it('has commands that work, and names all fields', async () => {
    const at = place();
    await provision(['apply', 'site.yml', '-D', '--timings'], at);
    const text = readFileSync(join(import.meta.dirname, '../../../../docs/runs.md'), 'utf8');
    const [, block = ''] = text.split('```');
    const commands = block.split('\n').flatMap((line) => /^provision (.*?)(?: {2}|$)/.exec(line)?.[1] ?? []);
    expect(commands).toHaveLength(6);
    for (const command of commands) {
      const { code, stderr } = await provision(command.split(' '), at);
      const said = command.includes('--report') ? 'report: 1.html\n' : '';
      expect({ code, stderr }, command).toEqual({ code: 0, stderr: said });
    }
    const { type, format, plays, ...run } = JSON.parse((await provision(['show', '--json'], at)).stdout);
    const fields = [run, ...run.hostRecords, ...run.results, ...run.timings].flatMap(Object.keys);
    expect(fields.length).toBeGreaterThan(100);
    for (const field of new Set(fields)) expect(text).toContain(`\`${field}\``);
  });
});

describe('a run that cannot be kept', () => {
  it('warns once and goes on', async () => {
    const at = place();
    mkdirSync(join(at.cwd, records), { recursive: true, mode: 0o700 });
    writeFileSync(join(at.cwd, records, 'runs.sqlite'), 'this is no database'.repeat(99));
    const { code, stderr } = await provision(['plan', 'site.yml'], at);
    expect(code).toBe(0);
    expect(stderr.match(/warning: this run is not kept/g)).toHaveLength(1);
    expect(stderr).toContain('runs.sqlite: file is not a database; PROVISION_RECORDS=off keeps none\n');
  });

  it('of a Node without SQLite says so once for all runs', async () => {
    const at = place();
    const code = `const get = process.getBuiltinModule; process.getBuiltinModule = (id) => (id === 'node:sqlite' ? undefined : get(id));`;
    writeFileSync(join(at.cwd, 'without.cjs'), code);
    const without = { ...at, env: { ...at.env, NODE_OPTIONS: `--require ${join(at.cwd, 'without.cjs')}` } };
    const first = await provision(['plan', 'site.yml'], without);
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(
      /warning: runs are not kept for `provision runs`: Node v\S+ was built without SQLite/,
    );
    const second = await provision(['plan', 'site.yml'], without);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    const asked = await provision(['runs'], without);
    expect(asked).toMatchObject({ code: 1 });
    expect(asked.stderr).toMatch(
      /^the runs that were kept cannot be read: Node v\S+ was built without SQLite/,
    );
  });
});
