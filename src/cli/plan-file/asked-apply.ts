import { ProvisionError } from '../../errors/problem.ts';
import { counted } from '../../report/host-list.ts';
import { writeLines } from '../../report/screen.ts';
import { apply } from '../apply-command.ts';
import type { RunOptions } from '../command-options.ts';
import { reportProblems } from '../problem-output.ts';
import { askLine, PromptInterrupted } from '../secret-prompt.ts';
import { openTerminal } from '../terminal.ts';
import type { Tool } from '../tool.ts';
import { PlannedChanges } from './planned-changes.ts';

/** `provision apply --ask`: shows the plan, asks, and applies after a yes; returns the exit code. */
export async function askAndApply(playbook: string, options: RunOptions, tool: Tool): Promise<number> {
  const terminal = openTerminal(options.color);
  const planned = new PlannedChanges();
  const { report: _, ...looking } = options;
  const dry = {
    ...looking,
    check: true,
    diff: true,
    brief: options.diff !== true,
    watch: (event) => planned.take(event),
  } satisfies RunOptions;
  const code = await apply(playbook, dry, tool);
  // Hosts that are off are left out by the run too; what would fail is better fixed first.
  if (code !== 0 && code !== 4) return code;
  const { items } = planned;
  if (items.length === 0) return code;
  const hosts = new Set(items.map(({ host }) => host));
  try {
    const question = `\nDo this: ${counted(items.length, 'change')} on ${counted(hosts.size, 'host')}? [yes/no] `;
    const answer = await askLine(question, '--ask');
    if (!/^(?:y|yes)$/i.test(answer?.trim() ?? '')) {
      writeLines(terminal.stderr, ['nothing was changed']);
      return 1;
    }
  } catch (error) {
    if (error instanceof PromptInterrupted) return 130;
    if (!(error instanceof ProvisionError)) throw error;
    reportProblems(error, { playbook, version: tool.version, json: options.json === true }, terminal);
    return 1;
  }
  return await apply(playbook, options, tool);
}
