import { Type } from 'typebox';
import { playbookCommand, runOptions } from '../../../src/cli/playbook-command.ts';
import { runPlaybook } from '../../../src/cli/playbook-run.ts';
import type { DomainEntry } from '../../../src/cli/tool.ts';
import { scriptProbe } from '../../../src/probes/script.ts';
import type { Domain, StepExecutor } from '../../../src/resources/domain.ts';
import type { HostResource, Observation } from '../../../src/resources/resource.ts';
import type { DomainStep, Step } from '../../../src/resources/step.ts';
import type { RunEvent } from '../../../src/runner/events.ts';
import { quote } from '../../../src/shell/quote.ts';

/** Seals on the control node what the host has written: the step of a domain that is none of provision's. */
interface SealStep extends DomainStep {
  readonly kind: 'letters:seal';
  readonly file: string;
}

const schema = Type.Object(
  {
    file: Type.String({ description: 'the letter' }),
    lines: Type.Array(Type.String(), {
      description: 'what to do, in order: seal, held, held.., fail, or text',
    }),
    hosts: Type.Array(Type.String(), { default: [], description: 'hosts to hold' }),
  },
  { additionalProperties: false },
);

interface Args {
  readonly file: string;
  readonly lines: readonly string[];
  readonly hosts: readonly string[];
  /** Who signs; only the control node knows. */
  readonly signature?: string;
}

/** What was read of a letter. */
interface LetterSeen extends Observation {
  readonly kind: 'letter';
  readonly lines: number;
}

function stepFor({ file, hosts }: Args, line: string): Step | SealStep {
  const write = (text: string) => `printf '%s\\n' ${quote(text)} >>${quote(file)}`;
  if (line === 'seal') return { kind: 'letters:seal', file };
  if (line === 'fail') return { kind: 'script', script: 'echo no ink >&2; exit 3' };
  if (!line.startsWith('held')) return { kind: 'script', script: write(line) };
  const [hold, release] = [write('hold'), write('release')];
  return { kind: 'held', hosts, hold, script: write(line), release, patience: 30 };
}

const letter: HostResource<Args, number> = {
  kind: 'host',
  name: 'letter',
  summary: 'A letter with as many lines as steps write',
  schema,
  effect: 'contained',
  paths: ({ file }) => [file],
  lateArguments: ({ file }) => ({ signature: () => `signed for ${file}` }),
  probe: ({ file }) =>
    scriptProbe({
      script: `! [ -f ${quote(file)} ] || wc -l <${quote(file)}`,
      parse: ({ stdout }) => Number(stdout),
    }),
  diff: (_want, lines) => (lines === 0 ? [{ attribute: 'letter', to: 'written' }] : []),
  steps: (want) => want.lines.map((line) => stepFor(want, line)),
  result: ({ signature = '' }, lines) => ({ signature, lines }),
  observations: (_want, lines): readonly LetterSeen[] =>
    lines === undefined ? [] : [{ kind: 'letter', lines }],
};

/** Asks the host how long the letter is, and gives the script that seals it. */
const seal: StepExecutor<SealStep> = {
  kind: 'letters:seal',
  async run({ file }, host) {
    const read = await host.run(`wc -l <${quote(file)}`);
    if (read.code !== 0) return read;
    return { script: `printf 'sealed after %s\\n' ${Number(read.stdout)} >>${quote(file)}` };
  },
};

/** How many of its runs have ended. */
export const lettersEnded = { runs: 0 };

/** A domain that provision knows nothing of. */
export const letters: Domain = {
  name: 'letters',
  resources: [letter],
  begin: () => ({
    executors: [seal],
    end: () => {
      lettersEnded.runs++;
    },
  }),
};

/** What it adds to the command line: `provision letters PLAYBOOK --stamp TEXT`. */
export const lettersEntry: DomainEntry = {
  name: 'letters',
  load: async () => letters,
  runOptions: (command) => void command.option('--stamp <text>', 'put before each letter that is found'),
  commands(program, tool, done) {
    const command = playbookCommand(program, 'letters', 'list the letters on all hosts');
    runOptions(command, tool);
    command.action(async (playbook: string, options) => {
      const found: string[] = [];
      const code = await runPlaybook(playbook, { ...options, check: true }, tool, {
        open: async () => ({
          report: (event: RunEvent) => {
            if (event.type !== 'observation') return;
            found.push(`${options.stamp ?? ''}${event.host}: ${JSON.stringify(event.seen)}`);
          },
          notice: (line) => void process.stderr.write(`${line}\n`),
          aside: (question) => question(),
          end: async () => undefined,
          finish: ({ exitCode }) => exitCode,
        }),
      });
      process.stdout.write(`${found.toSorted().join('\n')}\n`);
      done(code);
    });
  },
};
