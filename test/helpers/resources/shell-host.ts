import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { prepareArguments } from '../../../src/language/source/schema/prepared-arguments.ts';
import { askedOnce } from '../../../src/planner/asked.ts';
import { refusals } from '../../../src/planner/item-plan.ts';
import { probeSections, readSection } from '../../../src/planner/probe-sections.ts';
import type { Probe } from '../../../src/probes/probe.ts';
import type { AnyHostResource, Change, Json, ProbeOptions } from '../../../src/resources/resource.ts';
import type { Step } from '../../../src/resources/step.ts';
import { joinedScripts, stepScript } from '../../../src/resources/step-script.ts';
import { Answers } from '../../../src/runner/known-answers.ts';
import { FrameReader } from '../../../src/shell/frame-reader.ts';
import { buildProgram, type Section } from '../../../src/shell/program.ts';
import { putPrelude } from '../../../src/shell/put.ts';
import type { ScriptOutput } from '../../../src/shell/script-output.ts';

/** Shells that a managed host may call sh. */
export type Shell = readonly [command: string, ...arguments: string[]];

/** How one task ended on this machine. */
export interface Applied {
  readonly refused: readonly string[];
  readonly changes: readonly Change[];
  readonly outputs: readonly ScriptOutput[];
  readonly result: { readonly [key: string]: Json };
}

/** Runs sections as the runner does, on this machine: one program over stdin, its output framed. */
export async function runSections(
  sections: readonly Section[],
  options: {
    readonly shell?: Shell;
    readonly prelude?: string;
    readonly environment?: Record<string, string>;
  } = {},
): Promise<readonly ScriptOutput[]> {
  const nonce = randomBytes(16).toString('hex');
  const program = buildProgram(sections, { nonce, prelude: options.prelude ?? putPrelude });
  const outputs: ScriptOutput[] = [];
  const reader = new FrameReader(nonce, {
    onSection: ({ code, stdout, stderr }) =>
      outputs.push({ code, stdout: stdout.toString(), stderr: stderr.toString() }),
  });
  const [command, ...args] = options.shell ?? ['sh', '-s'];
  const child = spawn(command, args, { env: { ...process.env, ...options.environment } });
  const rest: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => reader.push('stdout', chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    rest.push(chunk.toString());
    reader.push('stderr', chunk);
  });
  child.stdin.end(program);
  await new Promise((resolve) => child.on('close', resolve));
  if (!reader.done) throw new Error(`the program did not come to its end: ${rest.join('').slice(-500)}`);
  return outputs;
}

/** Arguments as the language hands them over: checked, coerced, with defaults. */
export function prepared(resource: AnyHostResource, value: unknown): unknown {
  const at = () => ({ file: 'test.yml', line: 1, column: 1 });
  const { args, problems } = prepareArguments(resource, value, { at });
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return args;
}

/** The sh code of all that a probe asks, as it travels. */
export function probeScript({ asks }: Probe<unknown>): string {
  const question = { key: '', become: undefined, asks, paths: [] };
  return probeSections(askedOnce([question]))
    .map(({ script }) => script)
    .join('\n');
}

function asSections(
  sections: readonly { readonly id: string; readonly script: string }[],
  alter: (script: string) => string,
): readonly Section[] {
  return sections.map(({ id, script }) => ({ id, script: alter(script), stopOnFailure: false }));
}

/** A machine to try resources on: this one, through one of its shells. */
export class ShellHost {
  readonly #shell: Shell;
  readonly #environment: Record<string, string>;
  readonly #prelude: string;

  constructor(shell: Shell = ['sh', '-s'], environment: Record<string, string> = {}, prelude = putPrelude) {
    this.#shell = shell;
    this.#environment = environment;
    this.#prelude = prelude;
  }

  /** Runs one script as a section of its own. */
  async run(script: string): Promise<ScriptOutput> {
    const outputs = await this.#sections([{ id: 'only', script, stopOnFailure: false }]);
    const [output] = outputs;
    if (!output) throw new Error('no output');
    return output;
  }

  /** The state that a resource sees. */
  async look<State>(
    resource: AnyHostResource,
    args: unknown,
    options: ProbeOptions = { contents: true, observations: true },
    alter: (script: string) => string = (script) => script,
  ): Promise<State> {
    const probe = resource.probe(args, options);
    const question = { key: resource.name, become: undefined, asks: probe.asks, paths: [] };
    const sections = probeSections(askedOnce([question]));
    const outputs = sections.length > 0 ? await this.#sections(asSections(sections, alter)) : [];
    const answers = new Answers();
    for (const [index, section] of sections.entries()) {
      const output = outputs[index];
      if (!output) throw new Error(`no output of ${section.id}`);
      for (const { asked, given } of readSection(section, output)) answers.put(asked, given);
    }
    const answered = answers.get(question);
    if (!answered || 'refused' in answered) throw new Error('no answer');
    return probe.read(answered.values) as State;
  }

  /** What would change, or why it is refused. */
  async plan(resource: AnyHostResource, value: unknown, extra: object = {}) {
    const args = { ...(prepared(resource, value) as object), ...extra };
    const have = await this.look(resource, args);
    const refused = refusals(resource, args, have);
    const changes = refused.length > 0 ? [] : resource.diff(args, have);
    return { args, have, refused, changes };
  }

  /** Looks, compares and runs the steps. */
  async apply(resource: AnyHostResource, value: unknown, extra: object = {}): Promise<Applied> {
    const { args, have, refused, changes } = await this.plan(resource, value, extra);
    const steps: readonly Step[] = changes.length > 0 ? resource.steps(args, changes, have) : [];
    const scripts = steps.map((step) => {
      if (step.kind !== 'script' && step.kind !== 'file') throw new Error('only scripts can be tried here');
      return stepScript(step);
    });
    const sections =
      scripts.length === 0 ? [] : [{ id: 'steps', script: joinedScripts(scripts), stopOnFailure: true }];
    const outputs = sections.length > 0 ? await this.#sections(sections) : [];
    return { refused, changes, outputs, result: resource.result?.(args, have, outputs) ?? {} };
  }

  #sections(sections: readonly Section[]) {
    return runSections(sections, {
      shell: this.#shell,
      prelude: this.#prelude,
      environment: this.#environment,
    });
  }
}
