import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askedOnce } from '../../../src/planner/asked.ts';
import { probeSections, readSection } from '../../../src/planner/probe-sections.ts';
import type { Ask } from '../../../src/probes/probe.ts';
import { ProbeError } from '../../../src/probes/probe-error.ts';
import { FrameReader } from '../../../src/shell/frames.ts';
import { buildProgram } from '../../../src/shell/program.ts';
import type { Shell } from '../resources/shell-host.ts';

/** What this machine answered to questions that travelled together. */
export interface Answered {
  /** In the order of the questions; the message of a ProbeError. */
  readonly answers: readonly unknown[];
  readonly sections: number;
  /** Programs started beside the shell itself, and forks; undefined where strace is missing. */
  readonly programs: number | undefined;
  readonly forks: number | undefined;
}

const hasStrace = spawnSync('strace', ['-f', 'true']).status === 0;

/** Asks this machine all the questions in one program, through one of its shells. */
export function ask(
  asks: readonly Ask<unknown>[],
  shell: Shell = ['dash', '-s'],
  environment: Readonly<Record<string, string>> = {},
  alter: (script: string) => string = (script) => script,
): Answered {
  const asked = askedOnce([{ key: '', become: undefined, asks, paths: [] }]);
  const sections = probeSections(asked);
  const nonce = 'f00d';
  const program = buildProgram(
    sections.map(({ id, script }) => ({ id, script: alter(script), stopOnFailure: false })),
    { nonce },
  );
  const directory = mkdtempSync(join(tmpdir(), 'provision-test-'));
  const trace = join(directory, 'trace');
  try {
    const words = hasStrace
      ? ['strace', '-f', '-qq', '-e', 'trace=execve,fork,vfork,clone,clone3', '-o', trace, ...shell]
      : [...shell];
    const [command = 'sh', ...args] = words;
    const { stdout, stderr } = spawnSync(command, args, {
      input: program,
      env: { ...process.env, ...environment },
    });
    const calls = hasStrace ? readFileSync(trace, 'utf8').split('\n') : undefined;
    const count = (pattern: RegExp) => calls?.filter((line) => pattern.test(line)).length;
    const programs = count(/execve(\(| resumed>).* = 0$/);
    const given = new Map<string, unknown>();
    const outputs: { code: number; stdout: string; stderr: string }[] = [];
    const reader = new FrameReader(nonce, (output) =>
      outputs.push({
        code: output.code,
        stdout: output.stdout.toString(),
        stderr: output.stderr.toString(),
      }),
    );
    reader.push('stdout', stdout);
    reader.push('stderr', stderr);
    if (!reader.done) throw new Error(`the program did not come to its end: ${stderr.toString()}`);
    for (const [index, section] of sections.entries()) {
      const output = outputs[index];
      if (!output) throw new Error(`no output of ${section.id}`);
      for (const { asked: one, given: answer } of readSection(section, output)) {
        const value = 'value' in answer ? answer.value : undefined;
        given.set(`${one.kind.name} ${JSON.stringify(one.question)}`, value);
      }
    }
    const answers = asks.map(({ kind, question }) => {
      const answer = given.get(`${kind.name} ${JSON.stringify(question)}`);
      return answer instanceof ProbeError ? answer.message : answer;
    });
    return {
      answers,
      sections: sections.length,
      programs: programs === undefined ? undefined : programs - 1,
      forks: count(/(fork|clone3?)(\(| resumed>).* = [1-9]\d*$/),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
