import { type Command, Option } from 'commander';
import { gathered, listed, positive } from '../command-parts.ts';
import { optionGroups } from '../help-groups.ts';
import { reportFile } from './report-file.ts';

/** An option as every command that has it declares it. */
interface OptionRow {
  readonly flags: string;
  readonly text: string;
  readonly parse?: (value: string, earlier: never) => unknown;
  readonly preset?: unknown;
  /** Its key in provision.yml, whose value is taken where the option is not given. */
  readonly setting?: string;
}

/** Every option that more than one command has: it is written, read and explained in one way. */
const table = {
  inventory: {
    flags: '-i, --inventory <file>',
    text: "inventory file, directory, or 'host1,host2,'; may be given again",
    parse: gathered,
  },
  limit: { flags: '-l, --limit <pattern>', text: "only these hosts and groups, e.g. 'web:!web3'" },
  tags: {
    flags: '-t, --tags <tags>',
    text: 'only tasks with one of these tags, comma-separated',
    parse: listed,
  },
  skipTags: { flags: '--skip-tags <tags>', text: 'no tasks with one of these tags', parse: listed },
  startAtTask: {
    flags: '--start-at-task <name>',
    text: "begin at the task with this name, '*' for any characters",
  },
  extraVars: {
    flags: '-e, --extra-vars <vars>',
    text: 'key=value, JSON/YAML, or @file; may be given again',
    parse: gathered,
  },
  json: { flags: '--json', text: 'NDJSON events on stdout (docs/events.md)' },
  verbose: {
    flags: '-v, --verbose',
    text: 'show the output of every command, and the stack of internal errors',
  },
  color: { flags: '--no-color', text: 'no colours; NO_COLOR and FORCE_COLOR work too' },
  check: { flags: '-C, --check', text: 'change nothing, show what would change' },
  diff: { flags: '-D, --diff', text: 'show what changed, with unified diffs' },
  report: {
    flags: '--report <file>',
    text: 'write the run as run.html (a page), run.xml (JUnit) or run.md; may be given again',
    parse: reportFile,
  },
  listHosts: { flags: '--list-hosts', text: 'list the hosts of each play, and do nothing else' },
  listTasks: { flags: '--list-tasks', text: 'list the tasks of each play, and do nothing else' },
  listTags: { flags: '--list-tags', text: 'list the tags of each play, and do nothing else' },
  syntaxCheck: { flags: '--syntax-check', text: 'check the playbook only, as `provision validate` does' },
  flushCache: { flags: '--flush-cache', text: 'without effect: facts are read anew in every run' },
  forks: {
    flags: '-f, --forks <number>',
    text: 'hosts worked on at once',
    parse: positive,
    preset: 25,
    setting: 'forks',
  },
  user: {
    flags: '-u, --user <name>',
    text: 'log in as this user where the inventory names none',
    setting: 'user',
  },
  privateKey: {
    flags: '--private-key, --key-file <file>',
    text: 'log in with this key where the inventory names none',
    setting: 'private_key',
  },
  become: { flags: '-b, --become', text: 'become another user on the hosts, with sudo', setting: 'become' },
  becomeUser: {
    flags: '--become-user <user>',
    text: 'who to become',
    preset: 'root',
    setting: 'become_user',
  },
  askBecomePass: { flags: '-K, --ask-become-pass', text: 'ask for the password of sudo or su' },
  askVaultPass: {
    flags: '-J, --ask-vault-pass',
    text: 'ask for the password of what ansible-vault has encrypted',
  },
  vaultPasswordFile: {
    flags: '--vault-password-file <file>',
    text: 'file with that password, or a program that prints it; may be given again',
    parse: gathered,
  },
  vaultId: {
    flags: '--vault-id <id>',
    text: 'NAME@FILE or NAME@prompt: the password of that name; may be given again',
    parse: gathered,
  },
  sshConfig: { flags: '--ssh-config <file>', text: 'instead of ~/.ssh/config', setting: 'ssh_config' },
  connectTimeout: {
    flags: '--connect-timeout <seconds>',
    text: 'give up a connection attempt after this time',
    parse: positive,
    preset: 10,
    setting: 'connect_timeout',
  },
  shellTimeout: {
    flags: '--shell-timeout <seconds>',
    text: 'give up a host whose shell is not ready after this time',
    parse: positive,
    preset: 30,
    setting: 'shell_timeout',
  },
  timeout: {
    flags: '--timeout <seconds>',
    text: 'end the run after this time, in order: exit code 124',
    parse: positive,
    setting: 'timeout',
  },
  fleet: {
    flags: '--fleet',
    text: 'hand the run over to the workers of a fleet, and follow it (docs/fleet.md)',
    setting: 'fleet',
  },
  noFleet: { flags: '--no-fleet', text: 'run it on this machine, whatever provision.yml says' },
  quiet: { flags: '-q, --quiet', text: 'no progress; results, failures and the recap only' },
  timings: { flags: '--timings', text: 'print where the time went, by host and round trip' },
} as const satisfies Readonly<Record<string, OptionRow>>;

/** An option of the table, by the name under which its value is found. */
export type OptionName = keyof typeof table;

// What is in no group stands before them, with what only one command has.
const groups: Readonly<Record<keyof typeof optionGroups, readonly OptionName[]>> = {
  about: ['inventory', 'limit', 'tags', 'skipTags', 'startAtTask', 'extraVars'],
  secrets: ['askVaultPass', 'vaultPasswordFile', 'vaultId', 'askBecomePass'],
  reach: [
    ...(['forks', 'user', 'privateKey', 'become', 'becomeUser', 'sshConfig'] as const),
    ...(['connectTimeout', 'shellTimeout', 'timeout', 'fleet', 'noFleet'] as const),
  ],
  shown: [
    ...(['json', 'verbose', 'quiet', 'color', 'diff', 'report', 'timings'] as const),
    ...(['listHosts', 'listTasks', 'listTags'] as const),
  ],
};
const headings = new Map(
  Object.entries(groups).flatMap(([group, names]) =>
    names.map((name) => [name, optionGroups[group as keyof typeof groups]] as const),
  ),
);

/** Values of provision.yml by their keys there. */
export type OptionSettings = Readonly<Record<string, unknown>>;

/** Options that decide which playbook is loaded and how. */
export const playbookOptions = [
  ...(['inventory', 'limit', 'tags', 'skipTags', 'extraVars'] as const),
  ...(['askVaultPass', 'vaultPasswordFile', 'vaultId'] as const),
] as const;

/** Options of every command that speaks to hosts. */
export const hostOptions = [
  ...(['forks', 'user', 'privateKey', 'become', 'becomeUser', 'askBecomePass', 'sshConfig'] as const),
  ...(['connectTimeout', 'shellTimeout', 'timeout'] as const),
] as const;

/** Options of every command that can leave a run to a fleet. */
export const fleetOptions = ['fleet', 'noFleet'] as const satisfies readonly OptionName[];

/** What a command says of an option that is not the same for all. */
export interface OptionWords {
  readonly [name: string]: string;
}

/**
 * Gives a command options of the table, in this order.
 * @param words what is said of them where this command means something of its own
 * @param settings values of provision.yml, which stand in for options that are not given
 */
export function addOptions(
  command: Command,
  names: readonly OptionName[],
  { words = {}, settings = {} }: { readonly words?: OptionWords; readonly settings?: OptionSettings } = {},
): Command {
  for (const name of names) {
    const row: OptionRow = table[name];
    const option = new Option(row.flags, words[name] ?? row.text);
    if (row.parse) option.argParser(row.parse as (value: string, earlier: unknown) => unknown);
    const set = row.setting === undefined ? undefined : settings[row.setting];
    const value = set ?? row.preset;
    if (value !== undefined) option.default(value);
    const heading = headings.get(name);
    if (heading !== undefined) option.helpGroup(heading);
    command.addOption(option);
  }
  return command;
}
