import { type Static, Type } from 'typebox';
import { asking, type Probe } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { dryTransfer } from '../probes/transfer.ts';
import { quote } from '../shell/quote.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { transferChanges, withoutMarks } from './commands/rsync-items.ts';
import { extraWords, linkPath, namesShell, optionWords } from './commands/rsync-words.ts';
import type { HostResource, TaskPlace } from './resource.ts';

const flag = (fallback: boolean, description: string) =>
  Type.Optional(Type.Boolean({ default: fallback, description }));
const part = (description: string) =>
  Type.Optional(Type.Boolean({ description: `${description}; as \`archive\` without it` }));
const path = (description: string) => Type.String({ pattern: '^[^\\u0000\\n]+$', description });

const schema = Type.Object(
  {
    src: path(
      'what is copied; with a / at its end what is in it. A relative path of the control node is looked for as with `copy`',
    ),
    dest: path('where it is copied to'),
    mode: Type.Optional(
      Type.Enum(['push', 'pull'], { default: 'push', description: 'push copies to the host, pull from it' }),
    ),
    archive: flag(true, 'recursive, links, perms, times, owner, group and devices (`rsync -a`)'),
    checksum: flag(false, 'compare by sums, not by size and time'),
    compress: flag(true, 'compress what travels'),
    existing_only: flag(false, 'make no new files'),
    delete: flag(false, 'remove what is in `dest` and not in `src`, at the end'),
    delay_updates: flag(true, 'put files into place together, at the end'),
    dirs: flag(false, 'directories without what is in them'),
    recursive: part('what is in directories, too'),
    links: part('links as links'),
    copy_links: flag(false, 'what links lead to in place of links'),
    perms: part('keep modes'),
    times: part('keep times'),
    owner: part('keep the owner, which only root can'),
    group: part('keep the group'),
    partial: flag(false, 'keep files that were cut off'),
    link_dest: Type.Optional(
      Type.Array(path('a directory'), {
        description: 'directories in which files that are the same are linked to',
      }),
    ),
    rsync_path: Type.Optional(
      path(
        'the rsync of the host, or a command of sh that ends with it; who logs in runs it, as with Ansible',
      ),
    ),
    rsync_opts: Type.Optional(
      Type.Array(Type.String({ pattern: '^[^\\u0000\\n]*$' }), { description: 'further options of rsync' }),
    ),
    rsync_timeout: Type.Optional(
      Type.Integer({
        minimum: 0,
        default: 0,
        description: 'seconds without a byte after which rsync gives up',
      }),
    ),
    dest_port: Type.Optional(
      Type.Integer({
        description: "refused where it is not the host's own port: the connection of the run is used",
      }),
    ),
    private_key: Type.Optional(path('accepted: the connection of the run is used')),
    set_remote_user: flag(true, 'accepted: the connection of the run is used'),
    use_ssh_args: flag(false, 'accepted: the connection of the run is used'),
    ssh_connection_multiplexing: flag(false, 'accepted: the connection of the run is used'),
    verify_host: flag(false, 'accepted: keys of hosts are always checked'),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema> & {
  readonly task_place: TaskPlace;
  /** `src` and `dest` as paths of the control node. */
  readonly control_paths: { readonly src: string; readonly dest: string };
};

interface State {
  /** What rsync says; undefined where it was not asked. */
  readonly output: ScriptOutput | undefined;
}

const isDaemon = (text: string) => text.startsWith('rsync://');

/** Both paths are on the machine of the task: nothing is sent. */
function oneMachine({ task_place: { local, delegate } }: Arguments): boolean {
  return local || delegate !== undefined;
}

function remote(want: Arguments, text: string): string {
  const { host } = want.task_place;
  return isDaemon(text) ? text : `${/^\w[\w.-]*$/.test(host) ? host : 'host'}:${text}`;
}

function pathWords(want: Arguments): readonly string[] {
  const { src, dest, mode, control_paths: here } = want;
  const own = (name: 'src' | 'dest') => (isDaemon(want[name]) ? want[name] : here[name]);
  if (oneMachine(want)) return [own('src'), own('dest')];
  return mode === 'pull' ? [remote(want, src), own('dest')] : [own('src'), remote(want, dest)];
}

function words(want: Arguments, dry: boolean): readonly string[] {
  return [...optionWords(want, dry), ...pathWords(want)];
}

function program({ task_place: { rsync = 'rsync' } }: Arguments): string {
  return rsync;
}

function localScript(want: Arguments, dry: boolean): string {
  return `LC_ALL=C.UTF-8; export LC_ALL
${[program(want), ...words(want, dry)].map(quote).join(' ')}`;
}

function commandText(want: Arguments): string {
  const shown = [program(want), ...words(want, false)];
  return shown.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quote(word))).join(' ');
}

function ask(want: Arguments): Probe<State> {
  if (faultsOf(want).length > 0) return asking({}, () => ({ output: undefined }));
  const rsync = oneMachine(want)
    ? script(localScript(want, true))
    : dryTransfer({
        program: program(want),
        words: words(want, true),
        asLogin: want.rsync_path !== undefined,
      });
  return asking({ rsync }, ({ rsync: output }) => ({ output }));
}

// A host's name of its own is another host, which this run may not know.
const otherHost = (text: string) => !isDaemon(text) && /^[^/]*:/.test(text);

/** What is wrong whatever the host is like; where the task stands is known only when it is about to run. */
function faultsOf(want: Partial<Arguments>): readonly string[] {
  const { src = '', dest = '', mode, dest_port, link_dest = [], task_place: place } = want;
  const extra = extraWords(want);
  const found: string[] = [];
  for (const [name, text] of [
    ['src', src],
    ['dest', dest],
  ] as const)
    if (otherHost(text))
      found.push(`${name}: it names a host; a task copies between the control node and its own host`);
  if (isDaemon(src) && isDaemon(dest)) found.push('src: either src or dest must be a localhost');
  if (!extra) found.push('rsync_opts: a quote is not closed');
  if (extra?.some(namesShell))
    found.push(
      'rsync_opts: --rsh has no use; the connection of the run is used, and its ways are written into the inventory or ~/.ssh/config',
    );
  if (!place) return found;
  const { host, port = 22, delegate, local } = place;
  if (delegate !== undefined && delegate !== host)
    found.push(
      `delegate_to ${delegate}: files do not travel from one host to another; pull them to the control node, then push them`,
    );
  if (dest_port !== undefined && dest_port !== port && !local)
    found.push(`dest_port: ${host} is connected to at port ${port}; write ansible_port into the inventory`);
  const target = want.control_paths?.dest;
  if (target !== undefined && (mode === 'pull' || local))
    for (const link of link_dest)
      if (isBelow(linkPath(`${target}/..`), linkPath(link)))
        found.push(`link_dest: ${target} lies inside of ${link}: linking there would not end`);
  return found;
}

const isBelow = (path: string, directory: string) => `${path}/`.startsWith(`${directory}/`);

function failure({ code, stderr, stdout }: ScriptOutput): string {
  const said = stderr.trim() || stdout.trim() || `rsync ended with exit code ${code}`;
  return code === 127
    ? `${said}\nrsync must be on the control node and on the host; a task before this one can install it, as with \`apt: { name: rsync }\``
    : said;
}

function hostPaths(want: Arguments): readonly string[] {
  const [src = '', dest = ''] = pathWords(want);
  const own = oneMachine(want) ? [src, dest] : [want.mode === 'pull' ? want.src : want.dest];
  return own.flatMap((one) =>
    one.startsWith('/') ? [one.replace(/(.)\/+$/, '$1'), `${one.replace(/\/+$/, '')}/`] : [],
  );
}

/** Files copied between the control node and a host by rsync. */
export const synchronize: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'synchronize',
  summary: 'Copy files and directories with rsync, to the host or from it',
  schema,
  gives: ['cmd', 'msg', 'rc', 'stdout_lines'],
  // Options of rsync may name anything, and a path that is not absolute is known to the host alone.
  effect: (want) =>
    hostPaths(want).length > 0 && (want.rsync_opts ?? []).length === 0 && want.rsync_path === undefined
      ? 'contained'
      : 'opaque',
  placed: true,
  here: true,
  volatile: true,
  begins: true,
  bridges: true,
  controlPaths: ['src', 'dest'],
  paths: hostPaths,
  faults: faultsOf,
  probe: ask,
  reliesOn: hostPaths,
  refuse: (_want, { output }) => (output && output.code !== 0 ? [failure(output)] : []),
  failedResult: (want, { output }) => ({ cmd: commandText(want), rc: output?.code ?? 1 }),
  diff: (_want, { output }) => transferChanges(output?.stdout ?? ''),
  steps(want, changes) {
    if (changes.length === 0) return [];
    return oneMachine(want)
      ? [{ kind: 'script', script: localScript(want, false) }]
      : [
          {
            kind: 'transfer',
            program: program(want),
            words: words(want, false),
            asLogin: want.rsync_path !== undefined,
          },
        ];
  },
  result(want, { output }, outputs) {
    const text = withoutMarks((outputs.at(-1) ?? output)?.stdout ?? '');
    return {
      cmd: commandText(want),
      msg: text,
      rc: 0,
      stdout_lines: text.split('\n').filter(Boolean),
    };
  },
};
