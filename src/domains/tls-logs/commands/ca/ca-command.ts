import { reportProblems } from '../../../../cli/problem-output.ts';
import { PromptInterrupted } from '../../../../cli/secret-prompt.ts';
import { openTerminal, type Terminal } from '../../../../cli/terminal.ts';
import { ProvisionError } from '../../../../errors/problem.ts';
import { wrapWords } from '../../../../report/fitted-text.ts';
import { visibleText } from '../../../../report/visible-text.ts';
import type { CaOptions } from './ca-options.ts';
import { labelled, type Row } from './ca-rows.ts';

/** Does the work of a command of `provision ca`, reports what went wrong; returns the exit code. */
export async function runCaCommand(
  { color }: CaOptions,
  work: (terminal: Terminal) => void | Promise<void>,
): Promise<number> {
  const terminal = openTerminal(color);
  try {
    await work(terminal);
    return 0;
  } catch (error) {
    if (error instanceof PromptInterrupted) return 130;
    const problem = error instanceof ProvisionError ? error : systemProblem(error);
    reportProblems(problem, { playbook: '', version: '', json: false }, terminal);
    return 1;
  }
}

// What the file system refuses is for the reader to fix, and no bug of ours.
function systemProblem(error: unknown): ProvisionError {
  if (!(error instanceof Error && 'syscall' in error)) throw error;
  const hint =
    'code' in error && (error.code === 'ENOTDIR' || error.code === 'EEXIST')
      ? 'there is a file where a directory is needed: name another place'
      : 'see that the directory is yours, may be written to, and lies on a disk with room';
  return new ProvisionError([{ code: 'file-system', message: error.message, hint }]);
}

/** Writes on stdout what a person reads: paragraphs and rows with labels, wrapped to the terminal's width. */
export function print({ stdout }: Terminal, ...parts: readonly (string | readonly Row[])[]): void {
  const { width } = stdout;
  const lines = parts.flatMap((part) =>
    typeof part === 'string' ? wrapWords(part, width) : labelled(part, width),
  );
  stdout.stream.write(`${visibleText(lines.join('\n'))}\n`);
}
