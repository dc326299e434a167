import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer } from '../../probes/answer.ts';
import type { Probe } from '../../probes/probe.ts';
import { scriptProbe } from '../../probes/script.ts';
import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import type { Change, Json } from '../resource.ts';

const text = '^[^\\u0000]*$';

/** Arguments that command and shell share. */
export const runArguments = {
  cmd: Type.Optional(Type.String({ pattern: text, minLength: 1, description: 'the command' })),
  chdir: Type.Optional(
    Type.String({ pattern: '^/', description: 'absolute path of the directory to run it in' }),
  ),
  creates: Type.Optional(
    Type.String({
      pattern: text,
      minLength: 1,
      description: 'path or pattern; not run when something is there already',
    }),
  ),
  removes: Type.Optional(
    Type.String({
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

/** A path pattern as sh expands it, with everything but * ? and [...] quoted. */
export function globWord(pattern: string): string {
  return pattern
    .split(/(\*|\?|\[[^\]'"\\$`;&|()<>\s]+\])/)
    .map((part, index) => (index % 2 === 1 ? part : part === '' ? '' : quote(part)))
    .join('');
}

function existsScript(key: string, pattern: string): string {
  // A leading ./ keeps a name like -x from being read as an option.
  const word = globWord(posix.isAbsolute(pattern) ? pattern : `./${pattern}`);
  return `for provision_path in ${word}; do
  if [ -e "$provision_path" ] || [ -L "$provision_path" ]; then echo '${key} yes'; break; fi
done`;
}

/** Asks whether what `creates` and `removes` name is there. */
export function probeRun(want: RunArguments): Probe<RunState> {
  const lines: string[] = [];
  if (want.creates !== undefined) lines.push(existsScript('creates', want.creates));
  if (want.removes !== undefined) lines.push(existsScript('removes', want.removes));
  if (lines.length > 0 && want.chdir !== undefined)
    lines.unshift(`cd -- ${quote(want.chdir)} 2>/dev/null || exit 0`);
  return scriptProbe({
    script: lines.join('\n') || ':',
    parse(output) {
      const answer = new Answer(output, 'what the command creates or removes');
      return {
        created: want.creates !== undefined && answer.get('creates') === 'yes',
        removed: want.removes !== undefined && answer.get('removes') !== 'yes',
      };
    },
  });
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

function lines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split(/\r?\n/);
}

/** What `register` sees. */
export function runResult(
  want: RunArguments,
  cmd: Json,
  have: RunState | undefined,
  outputs: readonly ScriptOutput[],
): { readonly [key: string]: Json } {
  const output = outputs.at(-1);
  const told = (given: string | undefined) =>
    want.strip_empty_ends === false ? (given ?? '') : (given ?? '').replace(/[\r\n]+$/, '');
  const [stdout, stderr] = [told(output?.stdout), told(output?.stderr)];
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
    stdout_lines: lines(stdout),
    stderr_lines: lines(stderr),
    ...(reason && { msg: reason }),
  };
}

/** Whether the command is run each time it is come to. */
export function alwaysRuns(want: RunArguments): boolean {
  return want.creates === undefined && want.removes === undefined;
}
