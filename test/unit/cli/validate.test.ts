import { describe, expect, it } from 'vitest';
import { folder, provision } from '../../helpers/cli/command.ts';

const good = `
inventory:
  hosts:
    h1: {}
    h2: {}
plays:
  - name: say hello
    hosts: all
    gather_facts: false
    tasks:
      - name: one
        debug: { msg: "hello {{ inventory_hostname }}" }
      - block:
          - debug: { msg: two }
`;
const bad = good.replace('gather_facts', 'gather_fact').replace('msg: two', 'mesg: two');

describe('validate', () => {
  it('counts what it found on stdout', async () => {
    const cwd = folder({ 'site.yml': good });
    expect(await provision(['validate', 'site.yml'], { cwd })).toEqual({
      code: 0,
      signal: null,
      stdout: 'site.yml: 1 play, 2 tasks, 2 hosts: ok\n',
      stderr: '',
    });
  });

  it('counts only the hosts that --limit leaves', async () => {
    const cwd = folder({ 'site.yml': good });
    const { stdout } = await provision(['validate', 'site.yml', '--limit', 'h2'], { cwd });
    expect(stdout).toContain('1 host: ok');
  });

  it('shows every mistake at once on stderr, with place, frame and advice', async () => {
    const { code, stdout, stderr } = await provision(['validate', 'site.yml'], {
      cwd: folder({ 'site.yml': bad }),
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/site\.yml:9:5: .*gather_fact/);
    expect(stderr).toContain('>  9 |     gather_fact: false');
    expect(stderr).toContain("did you mean 'gather_facts'?");
    expect(stderr).toMatch(/site\.yml:14:\d+: .*mesg/);
    expect(stderr).toContain('2 problems');
  });

  it('of a file that is no YAML says that alone, not what it lacks', async () => {
    const cwd = folder({ 'site.yml': good.replace('msg: two', 'msg: "two') });
    const words = ['-l', 'h1', '-t', 'x', '--start-at-task', 'one'];
    const { code, stderr } = await provision(['plan', 'site.yml', ...words], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('code: yaml-syntax');
    expect(stderr).toContain('\n1 problem; ');
  });

  it('colours nothing off a terminal, unless FORCE_COLOR wishes it', async () => {
    const cwd = folder({ 'site.yml': bad });
    expect((await provision(['validate', 'site.yml'], { cwd })).stderr).not.toContain('\u001b');
    expect((await provision(['validate', 'site.yml'], { cwd, env: { FORCE_COLOR: '1' } })).stderr).toContain(
      '\u001b[31m',
    );
    const { stderr } = await provision(['validate', 'site.yml', '--no-color'], {
      cwd,
      env: { FORCE_COLOR: '1' },
    });
    expect(stderr).not.toContain('\u001b');
  });

  it('a file that is not there is one clear line', async () => {
    const { code, stderr } = await provision(['validate', 'nope.yml'], { cwd: folder({}) });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^there is no file nope\.yml\n {2}hint: the path is relative to \//);
  });
});

describe.each(['validate', 'apply', 'plan'])('%s --json', (command) => {
  it('shows problems as NDJSON, the first line with the version of the format, and to a person on stderr', async () => {
    const { code, stdout, stderr } = await provision([command, 'site.yml', '--json'], {
      cwd: folder({ 'site.yml': bad }),
    });
    expect(code).toBe(1);
    const [first, ...rest] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ type: 'validation', format: 2, playbook: 'site.yml', valid: false });
    expect(rest.map(({ type }) => type)).toEqual(['problem', 'problem']);
    expect(rest[0]).toMatchObject({ code: 'unknown-key', at: { file: 'site.yml', line: 9, column: 5 } });
    expect(stderr).toContain('2 problems');
  });
});

it('validate --json shows the size of a good playbook', async () => {
  const { stdout } = await provision(['validate', 'site.yml', '--json'], {
    cwd: folder({ 'site.yml': good }),
  });
  expect(JSON.parse(stdout)).toMatchObject({
    type: 'validation',
    format: 2,
    valid: true,
    plays: 1,
    tasks: 2,
    hosts: 2,
  });
});
