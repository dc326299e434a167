import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildProgram, endMarker } from '../../../src/shell/program.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { runSections } from '../../helpers/resources/shell-host.ts';
import { shells } from '../../helpers/shell/shells.ts';

const fresh = scratch();
const section = (id: string, script: string, stopOnFailure = false) => ({ id, script, stopOnFailure });

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('on %s', (_name, shell) => {
  const run = (...sections: ReturnType<typeof section>[]) => runSections(sections, { shell });

  test('output, codes and streams are told apart', async () => {
    const outputs = await run(
      section('a', 'echo out; echo err >&2'),
      section('b', 'printf "no end"; exit 7'),
      section('c', ':'),
    );
    expect(outputs).toEqual([
      { code: 0, stdout: 'out\n', stderr: 'err\n' },
      { code: 7, stdout: 'no end', stderr: '' },
      { code: 0, stdout: '', stderr: '' },
    ]);
  });

  test('a section reads neither the program nor what its neighbour set', async () => {
    const outputs = await run(
      section('a', 'cat; x=1; cd /; set -u; exec 3>/dev/null'),
      section('b', 'echo "[$x]"; [ "$PWD" = / ] && echo moved; cat'),
    );
    expect(outputs.map(({ stdout }) => stdout)).toEqual(['', '[]\n']);
  });

  test('a failed step ends the program, a failed probe does not', async () => {
    const probe = section('a', 'exit 1');
    const step = section('b', 'exit 2', true);
    const after = section('c', 'echo never');
    expect((await run(probe, step, after)).map(({ code }) => code)).toEqual([1, 2]);
  });

  test('a section that exits, returns or sets -e does not end its neighbours', async () => {
    const outputs = await run(
      section('a', 'set -e; false; echo no'),
      section('b', 'exit 0'),
      section('c', 'echo yes'),
    );
    expect(outputs.map(({ code, stdout }) => [code, stdout])).toEqual([
      [1, ''],
      [0, ''],
      [0, 'yes\n'],
    ]);
  });

  test('cut short anywhere, nothing of it runs', () => {
    const directory = fresh();
    const script = `cat <<\\EOF\ntext ' with " quotes\nEOF\n: >'${directory}/ran'`;
    const program = buildProgram([section('a', script, true), section('b', script)], {
      nonce: 'n',
      prelude: 'f() { :; }',
    });
    const [command, ...args] = shell;
    // The last three bytes are the closing brace and line ends: with the brace the program is whole.
    for (let length = 0; length < program.length - 2; length += 1 + (length % 7)) {
      spawnSync(command, args, { input: program.slice(0, length) });
      expect(existsSync(`${directory}/ran`), `cut after ${length} bytes`).toBe(false);
    }
    spawnSync(command, args, { input: program });
    expect(existsSync(`${directory}/ran`)).toBe(true);
  });
});

test('programs follow each other in one shell; what it shall do at its end comes last', () => {
  const first = buildProgram([section('a', 'echo hi; kept=1')], {
    nonce: 'n',
    prelude: 'kept=0; umask 077; cd /',
    atEnd: 'echo released',
  });
  const second = buildProgram([section('b', 'echo "[$kept]"; umask; pwd')], { nonce: 'm' });
  const { stdout } = spawnSync('sh', ['-s'], { input: `umask 022\n${first}${second}`, encoding: 'utf8' });
  expect(stdout).toContain(`\nm begin b\n[]\n0022\n${process.cwd()}\n`);
  expect(stdout.endsWith(`${endMarker('m')}released\n`)).toBe(true);
});

test('a program that dies says so before its end', () => {
  const killed = buildProgram([section('a', 'read -r pid rest </proc/self/stat; kill -9 "$PPID"')], {
    nonce: 'n',
  });
  const script = killed.replace('"$PPID"', '$(cut -d" " -f4 /proc/$pid/stat)');
  const { stdout } = spawnSync('sh', ['-s'], { input: script, encoding: 'utf8' });
  expect(stdout.endsWith(`\nn died 137\n${endMarker('n')}`)).toBe(true);
});
