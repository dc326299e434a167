import { Command, CommanderError } from 'commander';
import { caCommands } from './ca-commands.ts';
import type { CertsOptions } from './certs-command.ts';
import type { PlaybookOptions, RunOptions } from './command-options.ts';
import { gathered, listed, positive, prepare } from './command-parts.ts';
import { ignoreClosedPipes, leaveWith, tellUnexpected } from './leaving.ts';
import { scheduleCommands } from './schedule-commands.ts';

const examples = {
  all: `
Examples:
  provision validate home-lab.yml           find every mistake, ask no host
  provision plan home-lab.yml               show what would change
  provision apply home-lab.yml              change it
  provision apply home-lab.yml -l h1,h2 -K  these hosts only, sudo with password

Exit codes: 0 ok, 1 usage, playbook or internal error, 2 a host failed,
4 a host was unreachable, 130 interrupted.`,
  apply: `
Examples:
  provision apply home-lab.yml
  provision apply site.yml -i hosts.yml -l 'web:!web3' -t config
  provision apply site.yml -e version=1.2 -e @secrets.yml --diff
  provision apply site.yml --json > run.ndjson`,
  plan: `
Examples:
  provision plan home-lab.yml
  provision plan home-lab.yml --detailed-exitcode   0 no changes, 2 changes, 1 error`,
  certs: `
Examples:
  provision certs home-lab.yml
  provision certs home-lab.yml --warn-days 14 || echo something is to be done
  provision certs site.yml -i hosts.yml --json | jq '.certificates[].notAfter'

Exit codes: 0 all in order, 2 something is due, 1 usage, playbook or internal
error, or a task would fail, 4 a host was unreachable, 130 interrupted.
2 wins over 1 and 4.`,
  validate: `
Examples:
  provision validate home-lab.yml
  provision validate site.yml -i hosts.yml --json`,
};

/** Reads the command line, does what it says and ends the process with the right exit code. */
export async function runCommandLine(words: readonly string[], version: string): Promise<void> {
  const verbose = words.includes('-v') || words.includes('--verbose');
  const unexpected = (error: unknown): void => {
    tellUnexpected(error, verbose);
    void leaveWith(1);
  };
  ignoreClosedPipes();
  process.once('uncaughtException', unexpected);
  try {
    await leaveWith(await obey(words, version));
  } catch (error) {
    unexpected(error);
  }
}

async function obey(words: readonly string[], version: string): Promise<number> {
  let code = 0;
  const program = commandLine(words[0], version, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    throw error;
  }
}

// Heavy rooms are loaded by the action that needs them, and of several commands only the one that is called is made.
function commandLine(called: string | undefined, version: string, done: (exitCode: number) => void): Command {
  const program = new Command('provision')
    .description(
      "Set up hosts over SSH: Ansible's words, checked like a typed language, one round trip per batch.",
    )
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'tell how it is used')
    .helpCommand('help [command]', 'tell how a command is used')
    .addHelpText('after', examples.all);
  prepare(program);

  const all: Readonly<Record<string, () => void>> = {
    apply: () => applyCommand(program, version, done),
    plan: () => planCommand(program, version, done),
    validate: () => validateCommand(program, version, done),
    certs: () => certsCommand(program, version, done),
    ca: () => caCommands(program, done),
    schedule: () => scheduleCommands(program, version, done),
  };
  const wanted = called !== undefined && Object.hasOwn(all, called) ? [called] : Object.keys(all);
  for (const name of wanted) all[name]?.();
  return program;
}

function applyCommand(program: Command, version: string, done: (exitCode: number) => void): void {
  const apply = playbookCommand(
    program,
    'apply',
    'bring the hosts into the state that the playbook describes',
  )
    .option('--check', 'change nothing, tell what would change')
    .option('--diff', 'show what changed, with unified diffs')
    .addHelpText('after', examples.apply)
    .action(async (playbook: string, options: RunOptions) => {
      const { apply } = await import('./apply-command.ts');
      done(await apply(playbook, options, version));
    });
  runOptions(apply);
}

function planCommand(program: Command, version: string, done: (exitCode: number) => void): void {
  const plan = playbookCommand(
    program,
    'plan',
    'tell what apply would do, with diffs; the same as apply --check --diff',
  )
    .option('--detailed-exitcode', 'exit with 0 for no changes, 2 for changes, 1 for an error')
    .addHelpText('after', examples.plan)
    .action(async (playbook: string, options: RunOptions) => {
      const { apply } = await import('./apply-command.ts');
      done(await apply(playbook, { ...options, check: true, diff: true }, version));
    });
  runOptions(plan);
}

function validateCommand(program: Command, version: string, done: (exitCode: number) => void): void {
  playbookCommand(program, 'validate', 'check the playbook and all it uses without connecting to a host')
    .addHelpText('after', examples.validate)
    .action(async (playbook: string, options: PlaybookOptions) => {
      const { validate } = await import('./validate-command.ts');
      done(await validate(playbook, options, version));
    });
}

function certsCommand(program: Command, version: string, done: (exitCode: number) => void): void {
  const certs = playbookCommand(
    program,
    'certs',
    'tell of all certificates whether they are in order, and what is due',
    'one JSON document on stdout (docs/certs-json.md)',
  )
    .option(
      '--warn-days <days>',
      'due when fewer days are left; else what its renewal waits for, or a third of its life',
      positive,
    )
    .addHelpText('after', examples.certs)
    .action(async (playbook: string, options: CertsOptions) => {
      const { certs } = await import('./certs-command.ts');
      done(await certs(playbook, options, version));
    });
  runOptions(certs);
}

function playbookCommand(
  program: Command,
  name: string,
  description: string,
  json = 'NDJSON events on stdout (docs/events.md)',
): Command {
  const command = program
    .command(name)
    .description(description)
    .argument('<playbook>', 'YAML file with the plays; it may carry its inventory')
    .option(
      '-i, --inventory <file>',
      "inventory file, directory, or 'host1,host2,'; may be given again",
      gathered,
    )
    .option('-l, --limit <pattern>', "only these hosts and groups, e.g. 'web:!web3'")
    .option('-t, --tags <tags>', 'only tasks with one of these tags, comma-separated', listed)
    .option('--skip-tags <tags>', 'no tasks with one of these tags', listed)
    .option('-e, --extra-vars <vars>', 'key=value, JSON/YAML, or @file; may be given again', gathered)
    .option('--json', json)
    .option('-v, --verbose', 'show the output of every command, and the stack of internal errors')
    .option('--no-color', 'no colours; NO_COLOR and FORCE_COLOR work too');
  prepare(command);
  return command;
}

function runOptions(command: Command): void {
  command
    .option('-f, --forks <number>', 'hosts worked on at once', positive, 25)
    .option('-b, --become', 'become another user on the hosts, with sudo')
    .option('--become-user <user>', 'who to become', 'root')
    .option('-K, --ask-become-pass', 'ask for the sudo password')
    .option('--ssh-config <file>', 'instead of ~/.ssh/config')
    .option('--connect-timeout <seconds>', 'give up a connection attempt after this time', positive, 10)
    .option('--ca-passphrase-file <file>', 'opens an encrypted private CA when something is to be issued')
    .option('-q, --quiet', 'no progress; results, failures and the recap only');
}
