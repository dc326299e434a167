import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { command } from '../../../src/resources/command.ts';
import { shell } from '../../../src/resources/shell.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared, ShellHost } from '../../helpers/resources/shell-host.ts';
import { shells } from '../../helpers/shell/shells.ts';

const fresh = scratch();

describe.each(shells.map((words) => [words.join(' '), words] as const))('on %s', (_name, words) => {
  const machine = new ShellHost(words);

  test('command: no shell reads the words, the result is as Ansible names it', async () => {
    const { changes, result } = await machine.apply(command, `printf '%s|' "a  b" '*' \\;`);
    expect(changes).toEqual([{ attribute: 'command', to: `printf '%s|' "a  b" '*' \\;` }]);
    expect(result).toMatchObject({
      rc: 0,
      stdout: 'a  b|*|;|',
      cmd: ['printf', '%s|', 'a  b', '*', ';'],
    });
  });

  test('command: variables of the environment and homes are expanded, wherever quotes stood, and nothing else', async () => {
    const set = new ShellHost(words, { GIVEN: `it's "$two"  *`, HOME: '/home/of it' });
    const asked = [
      ['$GIVEN', `it's "$two"  *`],
      ["'a${GIVEN}b'", `ait's "$two"  *b`],
      ['$GIVENS${none}$1$${}', '$GIVENS${none}$1$${}'],
      ['$(id)`id`', '$(id)`id`'],
      ['~/x\\ y', '/home/of it/x y'],
      ['a~', 'a~'],
      ['~nobody-here/x', '~nobody-here/x'],
      ['~root', '/root'],
      ['$n', '$n'],
    ];
    const { result } = await set.apply(command, `printf '%s\n' ${asked.map(([word]) => word).join(' ')}`);
    expect(result.stdout).toBe(asked.map(([, value]) => value).join('\n'));
    const asWritten = { cmd: "printf '%s|' $GIVEN ~", expand_argument_vars: false };
    expect((await set.apply(command, asWritten)).result.stdout).toBe('$GIVEN|~|');
    expect((await set.apply(command, 'nothing-of-this-name $HOME')).result).toMatchObject({
      rc: 2,
      changed: false,
    });
  });

  test('shell: pipes, variables, exit codes, both streams', async () => {
    const { result } = await machine.apply(shell, 'x=a; echo "$x" | tr a b; echo oops >&2; (exit 3)');
    expect(result).toMatchObject({
      rc: 3,
      stdout: 'b',
      stderr: 'oops',
      stdout_lines: ['b'],
      stderr_lines: ['oops'],
    });
  });

  test('shell: a syntax error fails this task and nothing else', async () => {
    const { result } = await machine.apply(shell, 'if then (');
    expect(result.rc).not.toBe(0);
    expect(result.stderr).toMatch(/syntax error|unexpected/i);
  });

  test('shell: the code stands on no command line', async () => {
    const { result } = await machine.apply(shell, {
      cmd: ': s3cr3t; cat /proc/$$/cmdline /proc/self/cmdline',
    });
    expect(result.stdout).not.toContain('s3cr3t');
    const other = await machine.apply(shell, {
      cmd: ': s3cr3t; cat /proc/$$/cmdline',
      executable: '/bin/bash',
    });
    expect(other.result.stdout).toContain('/bin/bash');
    expect(other.result.stdout).not.toContain('s3cr3t');
  });

  test('shell: another shell runs code of its own kind, with its input free', async () => {
    const { result } = await machine.apply(shell, {
      cmd: 'a=(1 2 3); [[ ${#a[@]} == 3 ]] && read -r line && echo "$line $BASH_VERSION"',
      executable: '/bin/bash',
      stdin: "it's me",
    });
    expect(result.stdout).toMatch(/^it's me \d/);
  });
});

const machine = new ShellHost();

test('a command that fails is reported with its code', async () => {
  const { outputs, result } = await machine.apply(command, {
    argv: ['sh', '-c', 'echo out; echo err >&2; exit 42'],
  });
  expect(outputs).toEqual([{ code: 42, stdout: 'out\n', stderr: 'err\n' }]);
  expect(result).toMatchObject({ rc: 42, stdout: 'out' });
});

test('a command that is not there is reported by name', async () => {
  const { outputs } = await machine.apply(command, 'no-such-command --x');
  // 126 when a directory of PATH may not be searched
  expect([126, 127]).toContain(outputs[0]?.code);
  expect(outputs[0]?.stderr).toContain('no-such-command');
});

test('chdir that is not there: the command does not run', async () => {
  const directory = fresh();
  const { outputs } = await machine.apply(command, { cmd: `touch ${directory}/x`, chdir: '/nonexistent' });
  expect([outputs[0]?.code, existsSync(`${directory}/x`)]).toEqual([expect.any(Number), false]);
  expect(outputs[0]?.code).not.toBe(0);
});

test.each([
  [{ cmd: 'x', creates: 'a*' }, false, "since 'a*' exists"],
  [{ cmd: 'x', creates: 'b' }, true, undefined],
  [{ cmd: 'x', removes: 'b' }, false, "since 'b' does not exist"],
  [{ cmd: 'x', removes: 'abc' }, true, undefined],
])('%j runs: %s', async (value, runs, message) => {
  const directory = fresh();
  writeFileSync(`${directory}/abc`, '');
  const { args, have, changes } = await machine.plan(command, { ...value, chdir: directory });
  expect(changes.length > 0).toBe(runs);
  const result = command.result?.(args as never, have as never, []) ?? {};
  if (message) expect(result.msg).toContain(message);
  expect(command.repeats?.(args as never)).toBe(false);
});

test.each([
  [{ cmd: 'x', stdin: 'a' }, 'a\n'],
  [{ cmd: 'x', stdin: 'a', stdin_add_newline: false }, 'a'],
  [{ cmd: 'x', stdin: '' }, '\n'],
])('%j reads %j', async (value, read) => {
  const { outputs } = await machine.apply(command, { ...value, cmd: 'cat' });
  expect(outputs[0]?.stdout).toBe(read);
});

test('without stdin it reads nothing, least of all the rest of the program', async () => {
  expect((await machine.apply(command, 'cat')).outputs[0]).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('empty ends are kept when asked', async () => {
  const value = { cmd: 'printf a\\n\\n', strip_empty_ends: false };
  expect((await machine.apply(shell, { ...value, cmd: "printf 'a\\n\\n'" })).result.stdout).toBe('a\n\n');
});

test.each([
  ["echo 'open", /quote is not closed/],
  ["''", /empty/],
])('refuses %j', async (cmd, message) => {
  expect((await machine.plan(command, cmd)).refused.join()).toMatch(message);
});

test.each([
  [{}, /cmd.*argv/],
  [{ cmd: 'a', argv: ['b'] }, /only one of/],
  [{ cmd: 'a', chdir: 'x' }, /chdir/],
])('its schema refuses %j', (value, message) => {
  expect(() => prepared(command, value)).toThrow(message);
});

test('a command that was declared read-only needs no state', () => {
  const args = prepared(command, 'uptime') as never;
  const changes = command.diff(args, undefined as never);
  expect(command.steps(args, changes, undefined as never)).toEqual([
    { kind: 'script', script: 'env -- uptime' },
  ]);
});
