import { type Static, Type } from 'typebox';
import { runWords } from '../shell/expanded-words.ts';
import { quote } from '../shell/quote.ts';
import { needsOneOf, notBoth } from './argument-schemas.ts';
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
import { splitWords } from './commands/word-split.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    argv: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^\\u0000]*$' }), {
        minItems: 1,
        description: 'the command as a list of words',
      }),
    ),
    expand_argument_vars: Type.Optional(
      Type.Boolean({
        default: true,
        description:
          'let `$NAME` of the environment and `~` at the beginning of a word stand for what they are on the host',
      }),
    ),
    ...runArguments,
  },
  { additionalProperties: false, ...needsOneOf('cmd', 'argv'), ...notBoth('cmd', 'argv') },
);

type Arguments = Static<typeof schema>;

function wordsOf(want: Arguments): readonly string[] | undefined {
  return want.argv ?? splitWords(want.cmd ?? '');
}

function script(want: Arguments): string {
  const words = wordsOf(want);
  if (words === undefined) return `echo 'a quote is not closed in the command' >&2; exit 2`;
  return runScript(want, runWords(words, want.expand_argument_vars !== false));
}

function commandText(want: Arguments): string {
  return want.cmd ?? (want.argv ?? []).map(quote).join(' ');
}

function faults(want: Arguments): readonly string[] {
  const words = wordsOf(want);
  if (words === undefined) return [`a quote is not closed in the command: ${commandText(want)}`];
  return words.length === 0 || words[0] === '' ? ['the command is empty'] : [];
}

/** Runs a program with its arguments; no shell reads them. */
export const command: HostResource<Arguments, RunState> = {
  kind: 'host',
  name: 'command',
  summary: 'Run a program with arguments, which no shell expands',
  schema,
  gives: timedRunKeys,
  freeform: 'cmd',
  effect: 'opaque',
  repeats: alwaysRuns,
  probe: probeRun,
  faults,
  diff: (want, have) => diffRun(commandText(want), have),
  steps: (want, changes) => (changes.length === 0 ? [] : [{ kind: 'script', script: script(want) }]),
  result: (want, have, outputs) => timedRunResult(want, wordsOf(want) ?? [], have, outputs),
};
