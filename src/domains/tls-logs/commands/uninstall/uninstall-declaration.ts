import type { Command } from 'commander';
import { commandGroups } from '../../../../cli/help-groups.ts';
import { addOptions } from '../../../../cli/options/option-table.ts';
import { playbookCommand, runOptions } from '../../../../cli/playbook-command.ts';
import type { Tool } from '../../../../cli/tool.ts';
import type { UninstallOptions } from './uninstall-command.ts';

const examples = `
Examples:
  provision uninstall home-lab.yml -C
  provision uninstall home-lab.yml
  provision uninstall home-lab.yml -l h3 --yes

Configuration, certificates, keys, hooks and records that an apply put on the
hosts are removed, and what log_take_over set aside is put back. Packages and
received lines stay, and so does the private CA on this machine.

Exit codes: 0 done or nothing to do, 2 a host failed, 4 a host was unreachable,
1 usage or playbook error, or not confirmed, 124 --timeout was over,
130 interrupted.`;

/** Registers `provision uninstall`. */
export function declareUninstall(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const uninstall = playbookCommand(
    program,
    'uninstall',
    'take a log server and its clients back to what was there before; asks first',
  )
    .summary('take all of it back; asks first')
    .helpGroup(commandGroups.logs)
    .option('--yes', 'do it without asking')
    .addHelpText('after', examples)
    .action(async (playbook: string, options: UninstallOptions) => {
      const { uninstall } = await import('./uninstall-command.ts');
      done(await uninstall(playbook, options, tool));
    });
  addOptions(uninstall, ['check', 'diff']);
  runOptions(uninstall, tool);
}
