import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bashCompletion } from '../../../build/package/bash-completion.ts';
import { commandWords } from '../../../build/package/command-words.ts';
import { fishCompletion } from '../../../build/package/fish-completion.ts';
import { zshCompletion } from '../../../build/package/zsh-completion.ts';
import { commandLine } from '../../../src/cli/command-line.ts';
import { domains } from '../../../src/domains/registry.ts';
import { main } from '../../helpers/cli/built-command.ts';

const place = mkdtempSync(join(tmpdir(), 'completion-'));
const playbook = `inventory: { web: { hosts: { web1: , web2: , db1: } } }
plays:
  - hosts: web
    tasks: [{ name: Say hello, ping: , tags: [greet, other] }]
`;

beforeAll(() => {
  const program = commandLine(undefined, { version: '1', domains, settings: {} }, () => {});
  const commands = commandWords(program);
  mkdirSync(join(place, 'bin'));
  mkdirSync(join(place, 'zsh'));
  mkdirSync(join(place, 'work/roles'), { recursive: true });
  writeFileSync(join(place, 'bash'), bashCompletion(commands));
  writeFileSync(join(place, 'zsh/_provision'), zshCompletion(commands));
  writeFileSync(join(place, 'fish'), fishCompletion(commands));
  // Shells ask it for words; what a person would run is only printed.
  const stub = `#!/bin/sh
case $1 in complete-words) exec '${process.execPath}' '${main}' "$@" ;; esac
printf 'RUN<%s>\\n' "$*"
`;
  writeFileSync(join(place, 'bin/provision'), stub, { mode: 0o755 });
  for (const name of ['hosts.yaml', 'notes.txt']) writeFileSync(join(place, 'work', name), '');
  writeFileSync(join(place, 'work/site.yml'), playbook);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

function inShell(program: string, args: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(program, args, {
    cwd: join(place, 'work'),
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, HOME: place, PATH: `${join(place, 'bin')}:${process.env.PATH}`, TERM: 'dumb' },
  });
  expect(error, `${program} is wanted: apt-get install ${program}`).toBeUndefined();
  expect(stderr).toBe('');
  return stdout;
}

// The last word is the one that Tab is pressed in.
function inBash(...words: readonly string[]): readonly string[] {
  const script =
    '. ../bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _provision; printf "%s\\n" "${COMPREPLY[@]}"';
  const found = inShell('bash', ['-c', script, 'bash', 'provision', ...words]);
  return found
    .split('\n')
    .filter((word) => word !== '')
    .sort();
}

describe('bash', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['a'], ['apply', 'attach']],
    [
      ['ca', 're'],
      ['renew', 'revoke'],
    ],
    [
      ['apply', '--be'],
      ['--become', '--become-user'],
    ],
    [
      ['apply', '-K', ''],
      ['hosts.yaml', 'roles', 'site.yml'],
    ],
    [['plan', 's'], ['site.yml']],
    [['apply', '-i', 'n'], ['notes.txt']],
    [['apply', '-e', '@no'], ['@notes.txt']],
    [['apply', '-l', 'h'], []],
    [
      ['apply', 'site.yml', '-l', 'web1:!w'],
      ['web1:!web', 'web1:!web1', 'web1:!web2'],
    ],
    [['apply', 'site.yml', '-t', 'gr'], ['greet']],
    [['apply', 'site.yml', '--start-at-task', 'Say'], ['Say hello']],
    [['apply', 'site.yml', '-e', 'log_tar'], ['log_target=']],
    [['schema', 'v'], ['variables']],
    [['apply', '-l', 'ca', '--sk'], ['--skip-tags']],
    [['ca', 'issue', ''], []],
  ])('behind %j stand %j', (words, expected) => {
    expect(inBash(...words)).toEqual(expected);
  });

  test('every command is offered, but for the one that shells call', () => {
    const offered = inBash('');
    expect(offered).toEqual(expect.arrayContaining(['apply', 'ca', 'certs', 'plan', 'schedule', 'validate']));
    expect(offered).not.toContain('complete-words');
  });
});

// A terminal in which a line is typed, Tab and Enter pressed; what was completed is run.
function inZsh(line: string): string {
  const script = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1= fpath=('${join(place, 'zsh')}' \\$fpath); autoload -U compinit; compinit -u -D; bindkey '^I' complete-word; unsetopt beep prompt_cr; print READ''Y"
zpty -r shell out '*READY*'
zpty -w -n shell "$1"$'\\t\\n'
zpty -r shell out '*RUN<*>*'
print -r -- "$out"
zpty -d shell`;
  return /RUN<(.*)>/.exec(inShell('zsh', ['-f', '-c', script, 'zsh', line]))?.[1] ?? '';
}

test.each([
  ['provision ap', 'apply'],
  ['provision ca ren', 'ca renew'],
  ['provision plan s', 'plan site.yml'],
  ['provision apply --skip', 'apply --skip-tags'],
  ['provision apply site.yml -l web1,d', 'apply site.yml -l web1,db1'],
  ['provision apply site.yml -e log_tar', 'apply site.yml -e log_target='],
  ['provision schema v', 'schema variables'],
])('zsh makes of "%s" "%s"', (line, expected) => {
  expect(inZsh(line).trim()).toBe(expected);
});

test.each([
  ['provision ap', ['apply']],
  ['provision ca re', ['renew', 'revoke']],
  ['provision plan s', ['site.yml']],
  ['provision apply --skip', ['--skip-tags']],
  ['provision apply site.yml -l web', ['web', 'web1', 'web2']],
  ['provision apply site.yml -e log_tar', ['log_target=']],
  ['provision schema v', ['variables']],
])('fish completes "%s" to %j', (line, expected) => {
  const found = inShell('fish', ['--no-config', '-c', `source ../fish; complete -C '${line}'`]);
  expect(found.split('\n').flatMap((one) => one.split('\t', 1).filter((word) => word !== ''))).toEqual(
    expected,
  );
});
