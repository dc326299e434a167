import { type Static, Type } from 'typebox';
import { Answer } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import { splitWords } from './commands/word-split.ts';
import { fileSystems, probedKind } from './disks/file-systems.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    dev: Type.String({ pattern: '^/[^\\u0000\\n]*$', description: 'the device, or a file' }),
    fstype: Type.Optional(
      Type.Enum(
        [
          'bcachefs',
          'btrfs',
          'ext2',
          'ext3',
          'ext4',
          'ext4dev',
          'f2fs',
          'lvm',
          'ocfs2',
          'reiserfs',
          'xfs',
          'vfat',
          'swap',
          'ufs',
        ],
        { description: 'the kind; needed with present' },
      ),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], {
        default: 'present',
        description: 'absent wipes what says that it is one',
      }),
    ),
    force: Type.Optional(
      Type.Boolean({ default: false, description: 'make it anew each time, whatever is there' }),
    ),
    resizefs: Type.Optional(Type.Boolean({ default: false, description: 'it grows with its device' })),
    opts: Type.Optional(Type.String({ description: 'further words for the program that makes it' })),
    uuid: Type.Optional(
      Type.String({
        pattern: '^[\\w-]+$',
        description: 'its UUID; random and generate are the words of some programs',
      }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly there: boolean;
  /** As blkid names it. */
  readonly kind: string | undefined;
  readonly uuid: string | undefined;
  readonly deviceSize: number;
  readonly size: number | undefined;
  readonly mount: string | undefined;
  readonly program: boolean;
}

function question(want: Arguments): string {
  const kind = fileSystems[want.fstype ?? ''];
  const program = want.state === 'absent' ? 'wipefs' : (kind?.make[0] ?? 'blkid');
  return `${systemPath}
provision_dev=${quote(want.dev)}
[ -e "$provision_dev" ] || { echo 'there no'; exit 0; }
command -v ${quote(program)} >/dev/null || echo 'program no'
provision_seen=$(blkid -p -o export "$provision_dev" 2>/dev/null)
printf '%s\\n' "$provision_seen" | sed -n 's/^TYPE=/kind /p; s/^UUID=/uuid /p'
if [ -b "$provision_dev" ]; then printf 'device %s\\n' "$(blockdev --getsize64 "$provision_dev" 2>/dev/null)"; else stat -c 'device %s' "$provision_dev"; fi
provision_mount=$(findmnt -n -f -o TARGET -S "$provision_dev" 2>/dev/null)
printf 'mount %s\\n' "$provision_mount"
${want.resizefs && kind?.size !== undefined ? `printf 'size %s\\n' "$(${kind.size})"` : ''}
:`;
}

// A file system leaves out what does not fill a block of its own, and growing has to be worth it.
const worthwhile = 8 * 1024 * 1024;

function grows(want: Arguments, { size, deviceSize }: State): boolean {
  if (!want.resizefs || size === undefined || Number.isNaN(size)) return false;
  return deviceSize - size >= Math.min(worthwhile, Math.max(deviceSize / 100, 64 * 1024));
}

function isSame(want: Arguments, { kind }: State): boolean {
  return kind !== undefined && kind === probedKind(want.fstype ?? '');
}

function isOtherUuid({ uuid }: Arguments, have: State): boolean {
  return (
    uuid !== undefined && !['random', 'generate', 'clear', 'nil', 'time'].includes(uuid) && have.uuid !== uuid
  );
}

/** A file system on a device. */
export const filesystem: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'filesystem',
  summary: 'Make, grow or wipe a file system on a device',
  schema,
  argumentAliases: { dev: ['device'], fstype: ['type'] },
  effect: 'opaque',
  repeats: ({ force, state }) => force === true && state !== 'absent',
  probe: (want) =>
    scriptProbe({
      script: question(want),
      parse(output) {
        const answer = new Answer(output, want.dev);
        const size = answer.get('size');
        return {
          there: answer.get('there') !== 'no',
          kind: answer.get('kind'),
          uuid: answer.get('uuid'),
          deviceSize: Number(answer.get('device') ?? 0),
          size: size === undefined || size === '' ? undefined : Number(size),
          mount: answer.get('mount') || undefined,
          program: answer.get('program') !== 'no',
        };
      },
    }),
  reliesOn: ({ dev }) => [dev],
  refuse(want, have) {
    if (!have.there) return want.state === 'absent' ? [] : [`Device ${want.dev} not found.`];
    if (want.state === 'absent')
      return have.program ? [] : ['the host has no wipefs; install util-linux first'];
    if (want.fstype === undefined) return ['state is present but all of the following are missing: fstype'];
    const kind = fileSystems[want.fstype];
    const same = isSame(want, have);
    if (have.kind !== undefined && !same && !want.force)
      return [`'${want.dev}' is already used as ${have.kind}, use force=true to overwrite`];
    if (want.resizefs && want.uuid !== undefined) return ['parameters are mutually exclusive: resizefs|uuid'];
    if (same && want.resizefs && kind?.grow === undefined)
      return [`module does not support resizing ${want.fstype} filesystem yet`];
    if (same && want.resizefs && kind?.mounted && have.mount === undefined)
      return [`${want.dev} must be mounted to grow its ${want.fstype}`];
    if (same && isOtherUuid(want, have) && kind?.newUuid === undefined)
      return [`module does not support UUID option for this filesystem (${want.fstype}) yet.`];
    return have.program || (same && !want.force)
      ? []
      : [`the host has no ${kind?.make[0]}; install it first`];
  },
  diff(want, have) {
    if (want.state === 'absent')
      return have.kind === undefined ? [] : [{ attribute: 'file system', from: have.kind, to: 'absent' }];
    const { fstype = '' } = want;
    if (!isSame(want, have)) return [{ attribute: 'file system', from: have.kind ?? 'absent', to: fstype }];
    if (grows(want, have))
      return [{ attribute: 'size', from: `${have.size} bytes`, to: `${have.deviceSize} bytes` }];
    if (!want.resizefs && isOtherUuid(want, have))
      return [{ attribute: 'uuid', from: have.uuid ?? 'unset', to: want.uuid ?? '' }];
    return want.force && !want.resizefs && want.uuid === undefined
      ? [{ attribute: 'file system', from: have.kind ?? 'absent', to: `${fstype}, made anew` }]
      : [];
  },
  steps(want, changes, have) {
    const [change] = changes;
    if (!change) return [];
    const kind = fileSystems[want.fstype ?? ''];
    const lines = [
      systemPath,
      `provision_dev=${quote(want.dev)}`,
      `provision_mount=${quote(have.mount ?? '')}`,
    ];
    if (want.state === 'absent') lines.push('wipefs --all "$provision_dev"');
    else if (change.attribute === 'size') lines.push(kind?.grow ?? 'exit 1');
    else if (change.attribute === 'uuid') lines.push(kind?.newUuid?.(want.uuid ?? '') ?? 'exit 1');
    else {
      const words = [
        ...(kind?.make ?? []),
        ...(want.force ? (kind?.over ?? []) : []),
        ...(want.uuid === undefined ? [] : (kind?.uuid?.(want.uuid) ?? [])),
        ...(splitWords(want.opts ?? '') ?? []),
      ];
      lines.push(`${words.map(quote).join(' ')} "$provision_dev"`);
    }
    return [{ kind: 'script', script: `{ ${lines.join('\n')}\n} </dev/null` }];
  },
};
