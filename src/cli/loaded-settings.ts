import { ProvisionError } from '../errors/problem.ts';
import { readSettings } from '../language/settings/settings-file.ts';
import { reportProblems } from './problem-output.ts';
import { openTerminal } from './terminal.ts';

/** The values of a directory's provision.yml; reports what is wrong with it and gives undefined when something is. */
export function loadedSettings(
  directory: string,
  { version, json }: { readonly version: string; readonly json: boolean },
): Readonly<Record<string, unknown>> | undefined {
  const terminal = openTerminal(true);
  try {
    const { values, warning } = readSettings(directory);
    const { stderr } = terminal;
    if (warning !== undefined) stderr.stream.write(`${stderr.paint('yellow', 'warning:')} ${warning}\n`);
    return values;
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    reportProblems(error, { playbook: 'provision.yml', version, json }, terminal);
    return undefined;
  }
}
