import type { Command } from 'commander';
import { gathered } from '../command-parts.ts';
import { commandGroups } from '../help-groups.ts';
import { addOptions } from '../options/option-table.ts';
import { playbookCommand } from '../playbook-command.ts';
import type { Tool } from '../tool.ts';
import type { TrustOptions } from './trust-options.ts';

const examples = `
Examples:
  provision trust home-lab.yml
  provision trust home-lab.yml -l h2 --accept SHA256:Vc5p...

Compare each fingerprint with what the host itself shows on its own console:
  ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub

Exit codes: 0 every key is known, 2 one is not, or is another than the one on
file, 4 a host was unreachable, 1 usage, playbook or internal error,
130 interrupted.`;

/** Registers `provision trust`. */
export function declareTrust(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const trust = playbookCommand(
    program,
    'trust',
    'show the keys of new hosts with their fingerprints, and record those that you accept',
    { json: 'one JSON document on stdout; asks nothing' },
  )
    .summary('show keys of new hosts, record those you accept')
    .helpGroup(commandGroups.begin)
    .option(
      '--accept <fingerprint>',
      'record the key with this fingerprint, ask nothing; may be given again',
      gathered,
    )
    .addHelpText('after', examples)
    .action(async (playbook: string, options: TrustOptions) => {
      const { trust: show } = await import('./trust-command.ts');
      done(await show(playbook, options, tool));
    });
  addOptions(trust, ['user', 'privateKey', 'sshConfig', 'connectTimeout'], { settings: tool.settings });
}
