import { type Static, Type } from 'typebox';
import { printBytes } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import { needsOneOf } from './argument-schemas.ts';
import {
  alwaysRuns,
  diffRun,
  probeRun,
  type RunState,
  runArguments,
  runKeys,
  runResult,
  runScript,
} from './commands/command-run.ts';
import { splitWords } from './commands/word-split.ts';
import type { HostResource, SourceFile } from './resource.ts';

const { stdin: _stdin, stdin_add_newline: _newline, strip_empty_ends: _ends, ...shared } = runArguments;

const schema = Type.Object(
  {
    ...shared,
    cmd: Type.Optional(
      Type.String({
        pattern: '^[^\\u0000]*$',
        minLength: 1,
        description:
          'script of the control node, looked for in `files/`, and its arguments, which a shell reads',
      }),
    ),
    executable: Type.Optional(
      Type.String({
        pattern: '^[^\\u0000-][^\\u0000]*$',
        description: 'what runs the script, as in python3; its first line says so without it',
      }),
    ),
    decrypt: Type.Optional(
      Type.Boolean({ default: true, description: 'accepted: what is encrypted with Vault cannot be read' }),
    ),
  },
  { additionalProperties: false, ...needsOneOf('cmd') },
);

type Arguments = Static<typeof schema> & { readonly source_file?: SourceFile };

// What stands behind the name of the script, as it is written: a shell of the host reads it.
function argumentsOf(cmd: string): string {
  const [name] = splitWords(cmd) ?? [];
  for (let end = 1; end <= cmd.length; end += 1) {
    if (end < cmd.length && !/\s/.test(cmd.charAt(end))) continue;
    const words = splitWords(cmd.slice(0, end));
    if (words?.length === 1 && words[0] === name) return cmd.slice(end);
  }
  return '';
}

function code(want: Arguments): string {
  const { cmd = '', executable, source_file } = want;
  const name = (splitWords(cmd)?.[0] ?? 'script').split('/').at(-1) ?? 'script';
  const run = `${executable === undefined ? '' : `${executable} `}"$provision_script"${argumentsOf(cmd)}`;
  return `provision_own=$(umask 077; mktemp -d) || exit 1
trap 'rm -rf -- "$provision_own"' EXIT
trap 'exit 129' HUP INT TERM
provision_script=$provision_own/${quote(name)}
{ ${printBytes(source_file?.content ?? '')}
} >"$provision_script" && chmod 0700 -- "$provision_script" || exit 1
${runScript(want, `( eval ${quote(run)} )`)}`;
}

function faults({ cmd = '' }: Arguments): readonly string[] {
  return splitWords(cmd) === undefined ? [`a quote is not closed in the command: ${cmd}`] : [];
}

/** Runs a script of the control node on the host. */
export const script: HostResource<Arguments, RunState> = {
  kind: 'host',
  name: 'script',
  summary: 'Run a script of the control node on the host',
  schema,
  gives: runKeys.filter((key) => key !== 'cmd'),
  freeform: 'cmd',
  effect: 'opaque',
  source: { argument: 'cmd', folder: 'files', render: false, firstWord: true },
  repeats: alwaysRuns,
  probe: probeRun,
  faults,
  diff: (want, have) => diffRun(want.cmd ?? '', have),
  steps: (want, changes) => (changes.length === 0 ? [] : [{ kind: 'script', script: code(want) }]),
  result(want, have, outputs) {
    if (have?.created) return { skipped: true, msg: `${want.creates} exists, matching creates option` };
    if (have?.removed)
      return { skipped: true, msg: `${want.removes} does not exist, matching removes option` };
    const { cmd: _cmd, ...rest } = runResult({ ...want, strip_empty_ends: false }, '', have, outputs);
    return rest;
  },
};
