import type { Command } from 'commander';
import { gathered, positive, prepare } from '../../../../cli/command-parts.ts';
import { commandGroups } from '../../../../cli/help-groups.ts';
import { addOptions } from '../../../../cli/options/option-table.ts';
import type {
  CaInitOptions,
  CaIssueOptions,
  CaRenewOptions,
  CaRevokeOptions,
  CaShowOptions,
} from './ca-options.ts';

const examples = `
Examples:
  provision ca init --permit lab.example.com --passphrase
  provision ca show
  provision ca issue printer.lab.example.com --out printer
  provision ca renew h2              a new key for h2 at the next apply
  provision ca renew                 a new CA; then provision apply
  provision ca revoke h2 --renew-ca  h2's key was stolen

docs/private-ca.md says more.`;

/** Registers `provision ca ...`. */
export function declareCa(program: Command, done: (exitCode: number) => void): void {
  const ca = program
    .command('ca')
    .description("the playbook's own certificate authority: make it, look at it, issue, renew, revoke")
    .summary('your own certificate authority')
    .helpGroup(commandGroups.logs)
    .helpCommand('help [command]', 'show how a command is used')
    .addHelpText('after', examples);
  prepare(ca);

  const root = (command: Command) =>
    command
      .option('--name <name>', "the CA's name; eight random digits are put behind it")
      .option(
        '--permit <suffix>',
        'it may certify only names below this DNS suffix; may be given again',
        gathered,
      );

  const init = root(
    subcommand(ca, 'init', 'make a CA where there is none; the first apply does so by itself'),
  )
    .option('--days <number>', 'how long it is valid; ten years without it', positive)
    .option('--passphrase', 'ask for a passphrase, twice, and encrypt the key with it (age)')
    .option('--passphrase-file <file>', 'the same, with the passphrase in this file');
  init.action(async (options: CaInitOptions) => {
    const { caInit } = await import('./ca-init.ts');
    done(await caInit(options));
  });

  addOptions(subcommand(ca, 'show', 'show the CA and all that it issued'), ['json'], {
    words: { json: 'one JSON document on stdout' },
  }).action(async (options: CaShowOptions) => {
    const { caShow } = await import('./ca-show.ts');
    done(await caShow(options));
  });

  unlocking(
    subcommand(ca, 'issue', 'a certificate for what is not a managed host: a printer, a phone, a colleague'),
  )
    .argument('<name...>', 'DNS names that it is for')
    .option(
      '--out <folder>',
      'where fullchain.pem and privkey.pem are written; a folder of the first name without it',
    )
    .option('--days <number>', 'how long it is valid', positive, 90)
    .option('--server', 'it may act as TLS server too, not only as client')
    .option('--csr <file>', 'certify the key of this request, made elsewhere; nothing else in it is used')
    .action(async (names: readonly string[], options: CaIssueOptions) => {
      const { caIssue } = await import('./ca-issue.ts');
      done(await caIssue(names, options));
    });

  const renew = root(
    subcommand(ca, 'renew', 'replace the CA, or with a name: renew its certificate at the next apply'),
  )
    .argument('[name]', 'name or serial number of a certificate')
    .option(
      '--days <number>',
      'how long the new CA is valid; as long as the present one without it',
      positive,
    )
    .option('--keep-key', "keep the old CA's key in previous/, instead of destroying it")
    .option(
      '--new-passphrase',
      'ask for a passphrase for the new key; without it, it is as with the present key',
    )
    .option('--new-passphrase-file <file>', 'the same, with the passphrase in this file');
  unlocking(renew).action(async (name: string | undefined, options: CaRenewOptions) => {
    const { caRenew } = await import('./ca-renew.ts');
    done(await caRenew(name, options));
  });

  unlocking(
    subcommand(ca, 'revoke', 'record that a certificate may no longer be used, and show what must follow'),
  )
    .argument('<name>', 'name or serial number of a certificate')
    .option('--renew-ca', 'replace the CA too, as `provision ca renew` does')
    .action(async (name: string, options: CaRevokeOptions) => {
      const { caRevoke } = await import('./ca-revoke.ts');
      done(await caRevoke(name, options));
    });
}

function subcommand(ca: Command, name: string, description: string): Command {
  const command = ca
    .command(name)
    .description(description)
    .option(
      '-d, --directory <dir>',
      'where the CA lies; playbooks call it log_ca_directory',
      '.provision/ca',
    );
  addOptions(command, ['color']);
  prepare(command);
  return command;
}

function unlocking(command: Command): Command {
  return command.option(
    '--passphrase-file <file>',
    'opens an encrypted key; without it the terminal is asked',
  );
}
