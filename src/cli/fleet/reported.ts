import { ProvisionError } from '../../errors/problem.ts';
import { reportProblems } from '../problem-output.ts';
import { openTerminal, type Terminal } from '../terminal.ts';

/** Does what a command of a fleet is for; gives 1 for what cannot be done, once it has been reported. */
export async function reported(
  { color, json = false }: { readonly color: boolean; readonly json?: boolean },
  work: (terminal: Terminal) => Promise<number>,
): Promise<number> {
  const terminal = openTerminal(color);
  try {
    return await work(terminal);
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    reportProblems(error, { playbook: '', version: '', json }, terminal);
    return 1;
  }
}
