import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { main } from '../../helpers/cli/built-command.ts';
import { provision } from '../../helpers/cli/command.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('usage', () => {
  it('--version prints the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
    expect(await provision(['--version'])).toEqual({
      code: 0,
      signal: null,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  it.each([[['--help']], [['help']], [['-h']]])(
    '%j goes to stdout, with examples and exit codes',
    async (words) => {
      const { code, stdout, stderr } = await provision(words);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/Examples:\n {2}provision init /);
      expect(stdout).toContain('130 interrupted');
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it.each(['apply', 'plan', 'certs', 'validate'])(
    '%s --help shows its options and examples within 80 columns',
    async (command) => {
      const { code, stdout } = await provision([command, '--help']);
      expect(code).toBe(0);
      for (const option of [
        '--inventory',
        '--limit',
        '--tags',
        '--skip-tags',
        '--extra-vars',
        '--json',
        '--verbose',
        '--no-color',
      ]) {
        expect(stdout).toContain(option);
      }
      expect(stdout).toContain(`provision ${command} `);
      expect(
        stdout.split('\n').filter((line) => line.length > 80 && !line.includes('--detailed-exitcode')),
      ).toEqual([]);
    },
  );

  it('nothing at all: the help on stderr', async () => {
    const { code, stdout, stderr } = await provision([]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('Usage: provision');
  });

  it.each([
    [['aply', 'x.yml'], "unknown command 'aply'", 'Did you mean apply?'],
    [['site.yml'], "unknown command 'site.yml'", 'did you mean `provision apply site.yml`?'],
    [['apply'], "missing required argument 'playbook'", '`provision apply --help` shows more'],
    [['apply', 'a.yml', 'b.yml'], 'too many arguments', '`provision apply --help` shows more'],
    [['apply', '--chek', 'a.yml'], "unknown option '--chek'", 'Did you mean --check?'],
    [['plan', 'a.yml', '--forks', '0'], "argument '0' is invalid", 'a whole number, 1 or more'],
    [['plan', 'a.yml', '--forks', 'many'], "argument 'many' is invalid", 'a whole number, 1 or more'],
    [['plan', 'a.yml', '--connect-timeout', '-1'], "argument '-1' is invalid", 'a whole number, 1 or more'],
    [['certs', 'a.yml', '--warn-days', '-3'], "argument '-3' is invalid", 'a whole number, 1 or more'],
    [['validate', 'a.yml', '--check'], "unknown option '--check'", '`provision validate --help` shows more'],
  ])('%j is refused with advice', async (words, what, advice) => {
    const { code, stdout, stderr } = await provision(words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(what);
    expect(stderr).toContain(advice);
  });

  it('explain shows what a code means, with an example; without one, all; a slip is noticed', async () => {
    const { code, stdout } = await provision(['explain', 'unknown-variable']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^unknown-variable\nA name that nothing defines\.\n\n {4}\S+:\d+:\d+: [\s\S]*What to do: correct the name/,
    );
    expect((await provision(['explain'])).stdout).toMatch(/^connect +Nothing accepts a connection/m);
    const wrong = await provision(['explain', 'unknown-varible']);
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toContain("did you mean 'unknown-variable'?");
  });

  it('a reader that goes away is no error', () => {
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', 'set -o pipefail; "$0" "$1" --help | true; echo "${PIPESTATUS[0]}"', process.execPath, main],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
