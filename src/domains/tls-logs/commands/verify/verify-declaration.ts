import type { Command } from 'commander';
import { commandGroups } from '../../../../cli/help-groups.ts';
import { playbookCommand, runOptions } from '../../../../cli/playbook-command.ts';
import type { Tool } from '../../../../cli/tool.ts';
import type { VerifyOptions } from './verify-options.ts';

const examples = `
Examples:
  provision verify home-lab.yml
  provision verify home-lab.yml -l h2
  provision verify home-lab.yml --wire
  provision verify home-lab.yml --json | jq '.clients[] | select(.arrived|not)'

Exit codes: 0 every line arrived, 2 a line did not, or with --wire was not shown
to be unreadable on its way, 4 a client was unreachable,
1 usage, playbook or internal error, or nothing to prove, 124 --timeout was
over, 130 interrupted. 2 wins over 4.`;

/** Registers `provision verify`. */
export function declareVerify(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const verify = playbookCommand(
    program,
    'verify',
    'send a line from every log client and see it arrive; nothing is changed',
    { json: 'one JSON document on stdout (docs/log-server.md)' },
  )
    .summary('send a line from every client and see it arrive')
    .helpGroup(commandGroups.logs)
    .option('--wire', 'capture on the log server meanwhile: nobody on the way could read the lines')
    .addHelpText('after', examples)
    .action(async (playbook: string, options: VerifyOptions) => {
      const { verify } = await import('./verify-command.ts');
      done(await verify(playbook, options, tool));
    });
  runOptions(verify, tool);
}
