import { askedOnce } from '../../../src/planner/asked.ts';
import { probeSections, readSection } from '../../../src/planner/probe-sections.ts';
import type { Ask } from '../../../src/probes/probe.ts';
import { ProbeError } from '../../../src/probes/probe-error.ts';
import { Answers } from '../../../src/runner/known-answers.ts';
import { FrameReader, type SectionOutput } from '../../../src/shell/frame-reader.ts';
import { buildProgram } from '../../../src/shell/program.ts';
import type { Shell } from '../resources/shell-host.ts';
import { runTraced } from '../shell/traced-shell.ts';

/** What this machine answered to questions that travelled together. */
export interface KindAnswers {
  /** In the order of the questions; the message of a ProbeError. */
  readonly answers: readonly unknown[];
  readonly sections: number;
  /** Programs started beside the shell itself, and forks; undefined where strace is missing. */
  readonly programs: number | undefined;
  readonly forks: number | undefined;
}

/** Asks this machine all the questions in one program, through one of its shells. */
export function ask(
  asks: readonly Ask<unknown>[],
  shell: Shell = ['dash', '-s'],
  environment: Readonly<Record<string, string>> = {},
  alter: (script: string) => string = (script) => script,
): KindAnswers {
  const question = { key: '', item: 0, become: undefined, asks, paths: [] };
  const sections = probeSections(askedOnce([question]));
  const nonce = 'f00d';
  const scripts = sections.map(({ id, script }) => ({ id, script: alter(script), stopOnFailure: false }));
  const traced = runTraced(buildProgram(scripts, { nonce }), shell, environment);
  const { stdout, stderr, programs } = traced;
  // Every program is a subshell, whatever is asked.
  const forks = traced.forks === undefined ? undefined : traced.forks - 1;
  const outputs: SectionOutput[] = [];
  const reader = new FrameReader(nonce, { onSection: (output) => outputs.push(output) });
  reader.push('stdout', stdout);
  reader.push('stderr', stderr);
  if (!reader.done) throw new Error(`the program did not come to its end: ${stderr}`);
  const known = new Answers();
  for (const [index, section] of sections.entries()) {
    const output = outputs[index];
    if (!output) throw new Error(`no output of ${section.id}`);
    const text = { code: output.code, stdout: output.stdout.toString(), stderr: output.stderr.toString() };
    for (const { asked, given } of readSection(section, text)) known.put(asked, given);
  }
  const answered = known.get(question);
  if (!answered || 'refused' in answered) throw new Error('no answer');
  const answers = answered.values.map((value) => (value instanceof ProbeError ? value.message : value));
  return { answers, sections: sections.length, programs, forks };
}
