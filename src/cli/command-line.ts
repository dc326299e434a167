import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { domains as ownDomains } from '../domains/registry.ts';
import { declareAdhoc } from './adhoc/adhoc-declaration.ts';
import type { RunOptions } from './command-options.ts';
import { prepare } from './command-parts.ts';
import { declareCompletion } from './completion/completion-declaration.ts';
import { declareExplain } from './explain/explain-declaration.ts';
import { declareFleet } from './fleet/fleet-declaration.ts';
import { commandGroups, helpLayout } from './help-groups.ts';
import { declareImport } from './import/import-declaration.ts';
import { leaveWith, outliveOutput, reportUnexpected } from './leaving.ts';
import { addOptions, fleetOptions } from './options/option-table.ts';
import { playbookCommand, runOptions } from './playbook-command.ts';
import { declareRecords } from './records/records-declaration.ts';
import { declareSchema } from './schema/schema-declaration.ts';
import type { Tool } from './tool.ts';
import { declareTrust } from './trust/trust-declaration.ts';

const examples = {
  all: `
Examples:
  provision init                            a log server, its clients: logs.yml
  provision plan logs.yml                   show what would change
  provision apply logs.yml                  change it
  provision apply site.yml -l h1,h2 -K      these hosts only, sudo with password
  provision run all -i site.yml -- uptime   one command on every host

Exit codes: 0 ok, 1 usage, playbook or internal error or no host addressed,
2 a host failed, 4 a host was unreachable, 124 --timeout was over,
130 interrupted.`,
  apply: `
Examples:
  provision apply home-lab.yml
  provision apply site.yml -i hosts.yml -l 'web:!web3' -t config
  provision apply site.yml -e version=1.2 -e @secrets.yml --diff
  provision apply site.yml --report run.html --report run.xml
  provision apply site.yml --json > run.ndjson
  provision apply site.plan                 as \`plan -o site.plan\` saw it`,
  plan: `
Examples:
  provision plan home-lab.yml
  provision plan home-lab.yml --detailed-exitcode
  provision plan home-lab.yml -o home-lab.plan      to apply exactly that later:
  provision apply home-lab.plan`,
  validate: `
Examples:
  provision validate home-lab.yml
  provision validate site.yml -i hosts.yml --json`,
};

/** Reads the command line, does what it says and ends the process with the right exit code. */
export async function runCommandLine(
  words: readonly string[],
  version: string,
  domains = ownDomains,
): Promise<void> {
  const verbose = words.includes('-v') || words.includes('--verbose');
  const unexpected = (error: unknown): void => {
    reportUnexpected(error, verbose);
    void leaveWith(1);
  };
  outliveOutput();
  process.once('uncaughtException', unexpected);
  try {
    await leaveWith(await obey(words, { version, domains }));
  } catch (error) {
    unexpected(error);
  }
}

async function obey(words: readonly string[], tool: Omit<Tool, 'settings'>): Promise<number> {
  let code = 0;
  const settings = await settingsFor(words, tool.version);
  if (!settings) return 1;
  const program = commandLine(words[0], { ...tool, settings }, (result) => {
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

// Who asks for help is not held up by what is wrong in a file.
async function settingsFor(words: readonly string[], version: string): Promise<Tool['settings'] | undefined> {
  const asksForHelp = words.length === 0 || words.some((word) => ['-h', '--help', 'help'].includes(word));
  if (asksForHelp || !existsSync('provision.yml')) return {};
  const { loadedSettings } = await import('./loaded-settings.ts');
  return loadedSettings(process.cwd(), { version, json: words.includes('--json') });
}

/** The commands: of our own only the one that is called, all without one. Heavy rooms are loaded by the action that needs them. */
export function commandLine(
  called: string | undefined,
  tool: Tool,
  done: (exitCode: number) => void,
): Command {
  const program = new Command('provision')
    .description(
      "Set up hosts over SSH: Ansible's words, checked like a typed language, one round trip per batch.",
    )
    .version(tool.version, '--version', 'print the version')
    .helpOption('-h, --help', 'show how it is used')
    .commandsGroup(commandGroups.look)
    .helpCommand('help [command]', 'show how a command is used')
    .configureHelp(helpLayout)
    .addHelpText('after', examples.all);
  prepare(program);

  const own = { validate: validateCommand, plan: planCommand, apply: applyCommand };
  for (const [name, add] of Object.entries(own)) {
    if (name === called || called === undefined || !Object.hasOwn(own, called)) add(program, tool, done);
  }
  if (called !== undefined && Object.hasOwn(own, called)) return program;
  for (const domain of tool.domains) domain.commands?.(program, tool, done);
  declareAdhoc(program, tool, done);
  declareRecords(program, tool, done);
  declareTrust(program, tool, done);
  declareExplain(program, done);
  declareSchema(program, tool, done);
  declareCompletion(program, tool, done);
  declareImport(program, tool, done);
  declareFleet(program, tool, done);
  return program;
}

function applyCommand(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const apply = playbookCommand(
    program,
    'apply',
    'bring the hosts into the state that the playbook describes',
  )
    .summary('bring hosts into the state that a playbook has')
    .helpGroup(commandGroups.run);
  apply.option('--ask', 'show the plan first, and change nothing before you say yes');
  addOptions(apply, ['check', 'diff', 'report', 'startAtTask', ...lists, 'syntaxCheck', 'flushCache'])
    .addHelpText('after', examples.apply)
    .action(async (playbook: string, options: RunOptions) => {
      done(await applyOrCheck(playbook, options, tool));
    });
  runOptions(apply, tool);
  addOptions(apply, fleetOptions, tool);
}

function planCommand(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const plan = playbookCommand(
    program,
    'plan',
    'show what apply would do, with diffs; the same as apply --check --diff',
  )
    .summary('show what apply would do; change nothing')
    .helpGroup(commandGroups.run)
    .option('--detailed-exitcode', 'exit with 0 for no changes, 2 for changes, 1 for an error')
    .option('-o, --out <file>', 'write the plan down, for `provision apply FILE`');
  addOptions(plan, ['diff', 'report', 'startAtTask', ...lists, 'syntaxCheck', 'flushCache'], {
    words: { diff: 'show long diffs whole, not only their first lines' },
  })
    .addHelpText('after', examples.plan)
    .action(async (playbook: string, options: RunOptions) => {
      const brief = options.diff !== true;
      done(await applyOrCheck(playbook, { ...options, check: true, diff: true, brief }, tool));
    });
  runOptions(plan, tool);
  addOptions(plan, fleetOptions, tool);
}

async function applyOrCheck(playbook: string, options: RunOptions, tool: Tool): Promise<number> {
  if (options.syntaxCheck) {
    const { validate } = await import('./validate-command.ts');
    return await validate(playbook, options, tool);
  }
  const { apply } = await import('./apply-command.ts');
  if (options.out !== undefined) {
    const { savePlan } = await import('./plan-file/planned-apply.ts');
    return await savePlan(playbook, options.out, options, tool);
  }
  if (!/\.ya?ml$/i.test(playbook) && !options.check) {
    const { applyPlan } = await import('./plan-file/planned-apply.ts');
    const done = await applyPlan(playbook, options, tool);
    if (done !== undefined) return done;
  }
  if (options.ask && !options.check) {
    const { askAndApply } = await import('./plan-file/asked-apply.ts');
    return await askAndApply(playbook, options, tool);
  }
  return await apply(playbook, options, tool);
}

function validateCommand(program: Command, tool: Tool, done: (exitCode: number) => void): void {
  const validate = playbookCommand(
    program,
    'validate',
    'check the playbook and all it uses without connecting to a host',
  )
    .summary('find every mistake; connect to no host')
    .helpGroup(commandGroups.run);
  addOptions(validate, lists)
    .addHelpText('after', examples.validate)
    .action(async (playbook: string, options: RunOptions) => {
      const { validate } = await import('./validate-command.ts');
      done(await validate(playbook, options, tool));
    });
}

const lists = ['listHosts', 'listTasks', 'listTags'] as const;
