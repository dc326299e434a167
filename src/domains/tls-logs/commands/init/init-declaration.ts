import type { Command } from 'commander';
import { prepare } from '../../../../cli/command-parts.ts';
import { commandGroups } from '../../../../cli/help-groups.ts';
import type { InitOptions } from './init-options.ts';

const examples = `
Examples:
  provision init                      asks five questions, writes logs.yml
  provision init --server logs --clients h2,h3 --yes
  provision init home.yml --certificate log.example.com`;

/** Registers `provision init`. */
export function declareInit(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command('init')
    .description('write a playbook for a log server and its clients: asks five questions')
    .summary('write a playbook for a log server and its clients')
    .helpGroup(commandGroups.begin)
    .argument('[file]', 'the playbook to write', 'logs.yml')
    .option('--server <host>', 'host that takes the log lines, as ssh knows it')
    .option('--clients <hosts>', 'hosts that send theirs, comma-separated')
    .option('--certificate <name>', '`private` for a CA of your own, or the name that certbot has one for')
    .option('--port <number>', 'TCP port of the log server')
    .option('--directory <path>', 'where the log server puts the lines')
    .option('-y, --yes', 'ask nothing: take what is proposed')
    .option('--ssh-config <file>', 'instead of ~/.ssh/config')
    .option('--no-color', 'no colours; NO_COLOR and FORCE_COLOR work too')
    .addHelpText('after', examples);
  prepare(command);
  command.action(async (file: string, options: InitOptions) => {
    const { init } = await import('./init-command.ts');
    done(await init(file, options));
  });
}
