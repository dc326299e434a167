import { type Static, Type } from 'typebox';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { expandedOnHost, hostPath } from './argument-schemas.ts';
import { alteredLines } from './files/altered-lines.ts';
import {
  diffEditedFile,
  type EditedFileState,
  editedFile,
  editedFileState,
  refuseEditedFile,
  writeEditedFile,
} from './files/edited-file.ts';
import { escaped, withEntry, withoutEntry } from './files/fstab.ts';
import type { Change, HostResource } from './resource.ts';
import type { Step } from './step.ts';

const word = '^[^\\s#][^\\n]*$';

const schema = Type.Object(
  {
    path: Type.String({
      ...expandedOnHost,
      pattern: '^([/~$][^\\n\\u0000]*|none|swap|-)$',
      description: 'where it is mounted; none for swap',
    }),
    state: Type.Enum(
      ['mounted', 'present', 'unmounted', 'absent', 'absent_from_fstab', 'remounted', 'ephemeral'],
      {
        description:
          'mounted: in fstab and mounted; present: in fstab; absent: neither, its directory goes; ephemeral: mounted, not in fstab; remounted acts each time',
      },
    ),
    src: Type.Optional(Type.String({ pattern: word, description: 'device, UUID=..., host:/path' })),
    fstype: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9_.,-]+$', description: 'ext4, nfs, tmpfs, ...' }),
    ),
    opts: Type.Optional(
      Type.String({ pattern: word, description: 'options, between commas; defaults without it' }),
    ),
    opts_no_log: Type.Optional(
      Type.Boolean({ default: false, description: 'accepted: no_log hides the whole task' }),
    ),
    dump: Type.Optional(Type.String({ pattern: '^[0-9]+$', default: '0', description: 'for dump' })),
    passno: Type.Optional(
      Type.String({ pattern: '^[0-9]+$', default: '0', description: 'when fsck looks at it' }),
    ),
    boot: Type.Optional(Type.Boolean({ default: true, description: 'false adds noauto' })),
    fstab: Type.Optional({ ...hostPath('the file, /etc/fstab without it'), default: '/etc/fstab' }),
    backup: Type.Optional(
      Type.Boolean({ default: false, description: 'keep the old fstab beside the new one' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State extends EditedFileState {
  readonly mounted: boolean;
}

function tableOf({ fstab = '/etc/fstab' }: Arguments): string {
  return fstab;
}

function optionsOf({ opts = 'defaults', boot }: Arguments): string {
  return boot === false && !opts.split(',').includes('noauto') ? `${opts},noauto` : opts;
}

function edited(want: Arguments, { content }: State): Buffer | undefined {
  const place = { path: escaped(want.path), src: want.src === undefined ? undefined : escaped(want.src) };
  if (want.state === 'mounted' || want.state === 'present') {
    const { src = '', path: at } = place;
    const { fstype = '', dump = '0', passno = '0' } = want;
    const entry = { src, path: at, fstype, opts: escaped(optionsOf(want)), dump, passno };
    return alteredLines(content, (lines) => withEntry(lines, entry));
  }
  return want.state === 'absent' || want.state === 'absent_from_fstab'
    ? alteredLines(content, (lines) => withoutEntry(lines, place))
    : content;
}

function tableChanges(want: Arguments, have: State): readonly Change[] {
  const now = edited(want, have);
  // A table that is missing is not made only to lack something.
  const none = have.content === undefined && now?.length === 0;
  return none ? [] : diffEditedFile({ path: tableOf(want) }, have, now);
}

function action(want: Arguments, have: State): 'mount' | 'remount' | 'unmount' | undefined {
  const { state } = want;
  if (state === 'remounted') return 'remount';
  if (state === 'unmounted' || state === 'absent') return have.mounted ? 'unmount' : undefined;
  if (state === 'ephemeral') return have.mounted ? undefined : 'mount';
  if (state !== 'mounted') return undefined;
  if (!have.mounted) return 'mount';
  return tableChanges(want, have).length > 0 ? 'remount' : undefined;
}

function acting(want: Arguments, what: 'mount' | 'remount' | 'unmount'): readonly string[] {
  const at = quote(want.path);
  const options = quote(optionsOf(want));
  if (what === 'unmount') {
    const gone = want.state === 'absent' ? [`if [ -d ${at} ]; then rmdir -- ${at} || exit 1; fi`] : [];
    return [`umount ${at} || exit 1`, ...gone];
  }
  const table = tableOf(want) === '/etc/fstab' ? '' : ` -T ${quote(tableOf(want))}`;
  // What cannot be altered while it is mounted is mounted anew.
  if (what === 'remount')
    return [`mount${table} -o remount ${at} || { umount ${at} && mount${table} ${at}; } || exit 1`];
  const made = `mkdir -p -- ${at} || exit 1`;
  if (want.state === 'ephemeral')
    return [
      made,
      `mount -t ${quote(want.fstype ?? '')} -o ${options} -- ${quote(want.src ?? '')} ${at} || exit 1`,
    ];
  return [made, `mount${table} ${at} || exit 1`];
}

/** A file system at its place, now and after a reboot. */
export const mount: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'mount',
  summary: 'Mount a file system, now and after a reboot',
  schema,
  argumentAliases: { path: ['name'] },
  effect: 'opaque',
  follows: () => true,
  repeats: (want) => want.state === 'remounted',
  probe(want, { contents }) {
    const asks = {
      file: editedFile(tableOf(want)),
      mounts: script('cat /proc/self/mounts'),
    };
    return asking(asks, ({ file, mounts }) => ({
      ...editedFileState(file, contents),
      mounted: mounts.stdout.split('\n').some((line) => line.split(' ')[1] === escaped(want.path)),
    }));
  },
  refuse(want, have) {
    const needs = ['mounted', 'present', 'ephemeral'].includes(want.state);
    const missing = needs ? (['src', 'fstype'] as const).filter((one) => want[one] === undefined) : [];
    if (missing.length > 0) return [`state: ${want.state} needs ${missing.join(' and ')}`];
    const faults = refuseEditedFile({ path: tableOf(want), create: true }, have, true);
    if (faults.length > 0) return faults;
    return want.state === 'remounted' && !have.mounted ? [`${want.path} is not mounted`] : [];
  },
  diff(want, have) {
    const changes: Change[] = [...tableChanges(want, have)];
    const what = action(want, have);
    if (what === 'remount') changes.push({ attribute: 'state', to: 'remounted' });
    else if (what !== undefined)
      changes.push({
        attribute: 'state',
        from: have.mounted ? 'mounted' : 'absent',
        to: what === 'mount' ? 'mounted' : 'absent',
      });
    return changes;
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const steps: Step[] = [];
    const what = action(want, have);
    // What is to go leaves first: a file system that is in use keeps its line.
    if (what === 'unmount') steps.push({ kind: 'script', script: acting(want, what).join('\n') });
    const file = { path: tableOf(want), backup: want.backup };
    steps.push(...writeEditedFile(file, tableChanges(want, have), have, edited(want, have)));
    if (what !== undefined && what !== 'unmount')
      steps.push({ kind: 'script', script: acting(want, what).join('\n') });
    return steps;
  },
  result: (want) => ({
    name: want.path,
    fstab: tableOf(want),
    opts: optionsOf(want),
    dump: want.dump ?? '0',
    passno: want.passno ?? '0',
    boot: want.boot === false ? 'no' : 'yes',
    ...(want.src !== undefined && { src: want.src }),
    ...(want.fstype !== undefined && { fstype: want.fstype }),
  }),
};
