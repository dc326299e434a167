import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { prepareArguments } from '../../../src/language/schema/arguments.ts';
import type {
  AnyHostResource,
  Change,
  Json,
  ProbeOptions,
  ScriptOutput,
  Step,
} from '../../../src/resources/resource.ts';
import { FrameReader } from '../../../src/shell/frames.ts';
import { buildProgram, type Section } from '../../../src/shell/program.ts';
import { putPrelude } from '../../../src/shell/put.ts';

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
  const reader = new FrameReader(nonce, ({ code, stdout, stderr }) =>
    outputs.push({ code, stdout: stdout.toString(), stderr: stderr.toString() }),
  );
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
    options: ProbeOptions = { contents: true, certificates: true },
  ): Promise<State> {
    const probe = resource.probe(args, options);
    return probe.parse(await this.run(probe.script));
  }

  /** What would change, or why it is refused. */
  async plan(resource: AnyHostResource, value: unknown, extra: object = {}) {
    const args = { ...(prepared(resource, value) as object), ...extra };
    const have = await this.look(resource, args);
    const refused = resource.refuse?.(args, have) ?? [];
    const changes = refused.length > 0 ? [] : resource.diff(args, have);
    return { args, have, refused, changes };
  }

  /** Looks, compares and runs the steps. */
  async apply(resource: AnyHostResource, value: unknown, extra: object = {}): Promise<Applied> {
    const { args, have, refused, changes } = await this.plan(resource, value, extra);
    const steps: readonly Step[] = changes.length > 0 ? resource.steps(args, changes, have) : [];
    const sections = steps.map((step, index) => {
      if (step.kind !== 'script') throw new Error('only scripts can be tried here');
      return { id: `step-${index}`, script: step.script, stopOnFailure: true };
    });
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
