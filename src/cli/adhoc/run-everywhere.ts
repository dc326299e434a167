import type { Paint } from '../../report/paint.ts';
import type { TaskResult } from '../../runner/events.ts';
import type { RunOptions } from '../command-options.ts';
import { runPlaybook } from '../playbook-run.ts';
import type { Tool } from '../tool.ts';
import { adhocFile, adhocOptions } from './adhoc-playbook.ts';
import { openAdhocEvents } from './adhoc-report.ts';

/**
 * `provision run PATTERN -- COMMAND`: one command on many hosts, each shown as it ends; returns the exit code.
 * @param words one is a line for the shell, several are a program and its arguments
 */
export async function runEverywhere(
  pattern: string,
  words: readonly string[],
  options: RunOptions,
  tool: Tool,
): Promise<number> {
  const [line = ''] = words;
  // What is typed here is no template.
  const raw = (word: string): string => (/\{[{%#]/.test(word) ? `{{ ${JSON.stringify(word)} }}` : word);
  const action = words.length === 1 ? { shell: { cmd: raw(line) } } : { command: { argv: words.map(raw) } };
  const task = { name: words.join(' ').replaceAll(/\{(?=[{%#])/g, '{ '), ...action };
  return await runPlaybook(adhocFile, adhocOptions(pattern, task, options), tool, {
    kept: 'run',
    open: (terminal, redactor) =>
      openAdhocEvents(terminal, redactor, options, (result) => resultLines(result, terminal.stdout.paint)),
  });
}

/** What a command printed on one host: beside the host's name where it is a single line. */
function resultLines({ host, status, output, message }: TaskResult, paint: Paint): readonly string[] {
  const failed = status === 'failed';
  const name = paint(failed ? 'red' : 'bold', host);
  const code = failed && output ? ` exit code ${output.code}` : '';
  const streams = output ? [output.stdout, output.stderr] : [];
  const printed = streams.flatMap((text) => (text.trimEnd() === '' ? [] : text.trimEnd().split('\n')));
  const shown = printed.length > 0 ? printed : [wordFor(failed, output !== undefined, message)];
  if (shown.length === 1) return [`${name}:${code} ${shown[0]}`];
  return [`${name}:${code}`, ...shown.map((line) => `  ${line}`)];
}

function wordFor(failed: boolean, ran: boolean, message: string | undefined): string {
  if (failed) return ran ? '(no output)' : (message ?? 'failed');
  return ran ? '(no output)' : 'would run it';
}
