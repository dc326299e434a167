import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { quote } from '../shell/quote.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { needsOneOf } from './argument-schemas.ts';
import {
  alwaysRuns,
  diffRun,
  probeRun,
  type RunState,
  runArguments,
  runScript,
  timedRunKeys,
  timedRunResult,
} from './commands/command-run.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    ...runArguments,
    executable: Type.Optional(
      Type.String({
        pattern: '^[^\\u0000-]',
        description: 'another shell than /bin/sh: a path, or the name of a program',
      }),
    ),
  },
  { additionalProperties: false, ...needsOneOf('cmd') },
);

type Arguments = Static<typeof schema>;

// The code itself never stands on a command line, where every user of the host could read it.
function code({ cmd = '', executable }: Arguments): string {
  if (executable === undefined) return `eval ${quote(cmd)}`;
  const end = `provision_end_${createHash('sha256').update(cmd).digest('hex').slice(0, 20)}`;
  return `{ ${quote(executable)} /dev/fd/3 3<<\\${end}\n${cmd}\n${end}\n}`;
}

/** Runs shell code. */
export const shell: HostResource<Arguments, RunState> = {
  kind: 'host',
  name: 'shell',
  summary: 'Run shell code, with pipes, redirections and variables',
  schema,
  gives: timedRunKeys,
  freeform: 'cmd',
  effect: 'opaque',
  repeats: alwaysRuns,
  probe: probeRun,
  diff: (want, have) => diffRun(want.cmd ?? '', have),
  steps: (want, changes) =>
    changes.length === 0 ? [] : [{ kind: 'script', script: runScript(want, code(want)) }],
  result: (want, have, outputs) => timedRunResult(want, want.cmd ?? '', have, outputs.map(ownWords)),
};

// What sh says of the code itself, which is read by `eval` here and is that of a shell of its own with Ansible.
function ownWords(output: ScriptOutput): ScriptOutput {
  return { ...output, stderr: output.stderr.replaceAll(/^sh: (\d+): eval: /gm, '/bin/sh: $1: ') };
}
