import { type Static, Type } from 'typebox';
import { exists } from '../../probes/exists.ts';
import { asking, type Probe } from '../../probes/probe.ts';
import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import { expandedOnHost, hostPath } from '../argument-schemas.ts';
import type { Change, Json } from '../resource.ts';
import { outputLines, printedKeys } from './printed-output.ts';
import { runTimes } from './run-times.ts';

const text = '^[^\\u0000]*$';

/** Arguments that command and shell share. */
export const runArguments = {
  cmd: Type.Optional(Type.String({ pattern: text, minLength: 1, description: 'the command' })),
  chdir: Type.Optional(hostPath('the directory to run it in')),
  creates: Type.Optional(
    Type.String({
      ...expandedOnHost,
      pattern: text,
      minLength: 1,
      description: 'path or pattern; not run when something is there already',
    }),
  ),
  removes: Type.Optional(
    Type.String({
      ...expandedOnHost,
      pattern: text,
      minLength: 1,
      description: 'path or pattern; run only when something is there',
    }),
  ),
  stdin: Type.Optional(Type.String({ description: 'what the command reads' })),
  stdin_add_newline: Type.Optional(
    Type.Boolean({ default: true, description: 'end `stdin` with a line end' }),
  ),
  strip_empty_ends: Type.Optional(
    Type.Boolean({ default: true, description: 'take empty lines off the end of what it printed' }),
  ),
};

const runSchema = Type.Object(runArguments);

/** What command and shell have in common. */
export type RunArguments = Static<typeof runSchema>;

/** Whether `creates` and `removes` leave something to do. */
export interface RunState {
  readonly created: boolean;
  readonly removed: boolean;
}

/** Asks whether what `creates` and `removes` name is there. */
export function probeRun({ creates, removes, chdir }: RunArguments): Probe<RunState> {
  const named = {
    creates: creates === undefined ? undefined : exists(creates, chdir),
    removes: removes === undefined ? undefined : exists(removes, chdir),
  };
  return asking(named, (there) => ({
    created: there.creates === true,
    removed: there.removes === false,
  }));
}

/** The command itself as the one change, unless `creates` or `removes` say that it is not needed. */
export function diffRun(command: string, have: RunState | undefined): readonly Change[] {
  return have?.created || have?.removed ? [] : [{ attribute: 'command', to: command }];
}

/** sh code that runs a command in its directory with its standard input. */
export function runScript(want: RunArguments, code: string): string {
  const lines = want.chdir === undefined ? [] : [`cd -- ${quote(want.chdir)} || exit 1`];
  if (want.stdin === undefined) lines.push(code);
  else {
    const end = want.stdin_add_newline !== false && !want.stdin.endsWith('\n') ? '\n' : '';
    lines.push(`{ ${printBytes(want.stdin + end)}\n} | ${code}`);
  }
  return lines.join('\n');
}

/** The keys of what `register` sees. */
export const runKeys = ['cmd', 'rc', ...printedKeys] as const;

/** The keys of what `register` sees of a module that runs a command itself. */
export const timedRunKeys = [...runKeys, 'start', 'end', 'delta'] as const;

/** What `register` sees, with when it ran. */
export function timedRunResult(...given: Parameters<typeof runResult>): ReturnType<typeof runResult> {
  const [, , , outputs] = given;
  const result = runResult(...given);
  const begun = outputs.at(-1)?.code === result.rc ? outputs.at(-1) : undefined;
  return { ...result, ...runTimes(begun ?? {}) };
}

/** What `register` sees. */
export function runResult(
  want: RunArguments,
  cmd: Json,
  have: RunState | undefined,
  outputs: readonly ScriptOutput[],
): { readonly [key: string]: Json } {
  const output = outputs.at(-1);
  const shown = (given: string | undefined) =>
    want.strip_empty_ends === false ? (given ?? '') : (given ?? '').replace(/[\r\n]+$/, '');
  const exists = have?.created && `skipped, since ${want.creates} exists`;
  const missing = have?.removed && `skipped, since ${want.removes} does not exist`;
  const [stdout, stderr] = [shown(output?.stdout) || exists || missing || '', shown(output?.stderr)];
  const reason = have?.created
    ? `Did not run command since '${want.creates}' exists`
    : have?.removed
      ? `Did not run command since '${want.removes}' does not exist`
      : '';
  return {
    cmd,
    rc: output?.code ?? 0,
    stdout,
    stderr,
    stdout_lines: outputLines(stdout),
    stderr_lines: outputLines(stderr),
    msg: reason,
    ...(output && output.code !== 0 && failure(output, cmd)),
  };
}

// How Ansible registers a command that failed: it ran, unless there was no such program to run.
function failure({ code, stderr }: ScriptOutput, cmd: Json): { readonly [key: string]: Json } {
  const [, program, word] =
    /^env: [‘'"]?(.*?)[’'"]?: (No such file or directory|Permission denied)\s*$/.exec(stderr) ?? [];
  const number =
    code === 127 && word?.startsWith('No') ? 2 : code === 126 && word?.startsWith('Per') ? 13 : undefined;
  if (number === undefined) return { changed: true, msg: 'non-zero return code' };
  const msg = `[Errno ${number}] ${word}: b'${program}'`;
  const text = Array.isArray(cmd) ? cmd.map((word) => quote(String(word))).join(' ') : cmd;
  return { changed: false, cmd: text, rc: number, msg, stderr: '', stderr_lines: [] };
}

/** Whether the command is run each time it is come to. */
export function alwaysRuns(want: RunArguments): boolean {
  return want.creates === undefined && want.removes === undefined;
}
