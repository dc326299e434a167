import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bashCompletion } from '../../../build/package/bash-completion.ts';
import { commandWords } from '../../../build/package/command-words.ts';
import { commandLine } from '../../../src/cli/command-line.ts';
import { domains } from '../../../src/domains/registry.ts';

const place = mkdtempSync(join(tmpdir(), 'bash-completion-'));
beforeAll(() => {
  const program = commandLine(undefined, { version: '1', domains, settings: {} }, () => {});
  writeFileSync(join(place, 'completion'), bashCompletion(commandWords(program)));
  for (const name of ['site.yml', 'hosts.yaml', 'notes.txt']) writeFileSync(join(place, name), '');
  mkdirSync(join(place, 'roles'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

// The last word is the one that Tab is pressed in.
function completed(...words: readonly string[]): readonly string[] {
  const script =
    '. ./completion; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _provision; printf "%s\\n" "${COMPREPLY[@]}"';
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', 'provision', ...words], {
    cwd: place,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter((word) => word !== '')
    .sort();
}

test.each<[readonly string[], readonly string[]]>([
  [['a'], ['apply']],
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
  [['apply', '-l', 'ca', '--sk'], ['--skip-tags']],
  [['ca', 'issue', ''], []],
])('behind %j stand %j', (words, expected) => {
  expect(completed(...words)).toEqual(expected);
});

test('every command is offered', () => {
  expect(completed('')).toEqual(
    expect.arrayContaining(['apply', 'ca', 'certs', 'plan', 'schedule', 'validate']),
  );
});
