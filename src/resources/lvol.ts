import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import { splitWords } from './commands/word-split.ts';
import { readVolumeSize } from './disks/volume-size.ts';
import type { Change, HostResource } from './resource.ts';

const word = '^[A-Za-z0-9_+.][\\w+.-]*$';
const name = (description: string) => Type.Optional(Type.String({ pattern: word, description }));
const flag = (description: string, fallback = false) =>
  Type.Optional(Type.Boolean({ default: fallback, description }));

const schema = Type.Object(
  {
    vg: Type.String({ pattern: word, description: 'the volume group' }),
    lv: name('the logical volume'),
    size: Type.Optional(
      Type.String({
        pattern:
          '^\\s*[+-]?(\\d+(\\.\\d+)?[bBsSkKmMgGtTpPeE]?|\\d+%(VG|PVS|FREE|ORIGIN|vg|pvs|free|origin))\\s*$',
        description: 'its size, as in 512 (MiB), 10g, 80%VG, or +1g to add some',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    active: flag('it can be used', true),
    force: flag('it may shrink, or be removed, with what is in it'),
    shrink: flag('it shrinks where `size` is smaller', true),
    resizefs: flag('the file system in it grows and shrinks, too'),
    opts: Type.Optional(Type.String({ description: 'further words for lvcreate' })),
    pvs: Type.Optional(
      Type.Array(Type.String({ pattern: '^/\\S*$' }), { description: 'devices that it may lie on' }),
    ),
    snapshot: name('a snapshot of it, which is meant in its place'),
    thinpool: name('the pool that it lies in, or that is made'),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly lvm: boolean;
  /** Bytes of the group, what is free of it, and an extent; undefined without the group. */
  readonly group: { readonly size: number; readonly free: number; readonly extent: number } | undefined;
  /** Names of all volumes with their sizes. */
  readonly volumes: ReadonlyMap<string, { readonly size: number; readonly active: boolean }>;
}

function question({ vg }: Arguments): string {
  const plain = '--noheadings --nosuffix --units b --separator "|"';
  return `${printFunction}
${systemPath}
export LC_ALL=C
command -v lvs >/dev/null || { echo 'lvm no'; exit 0; }
provision_out=$(vgs ${plain} -o vg_size,vg_free,vg_extent_size ${quote(vg)} 2>/dev/null) && provision_print group "$provision_out"
provision_print volumes "$(lvs -a ${plain} -o lv_name,lv_size,lv_active ${quote(vg)} 2>/dev/null)"`;
}

/** What is made, altered or removed: the volume, its snapshot, or the pool. */
function target({ lv, snapshot, thinpool }: Arguments): string {
  return snapshot ?? lv ?? thinpool ?? '';
}

function wantedBytes(want: Arguments, { group, volumes }: State): number | undefined {
  const size = want.size === undefined ? undefined : readVolumeSize(want.size.trim());
  if (!size || !group) return undefined;
  const now = volumes.get(target(want))?.size ?? 0;
  const of = {
    VG: group.size,
    PVS: group.size,
    FREE: group.free,
    ORIGIN: volumes.get(want.lv ?? '')?.size ?? 0,
  };
  const plain = size.bytes ?? (of[size.share?.of ?? 'VG'] * (size.share?.percent ?? 0)) / 100;
  // FREE without a sign: what it has and what is free, as Ansible counts.
  const base = size.share?.of === 'FREE' && size.sign === '' ? now + plain : plain;
  const whole = size.sign === '+' ? now + plain : size.sign === '-' ? now - plain : base;
  const extents = size.share ? Math.floor(whole / group.extent) : Math.ceil(whole / group.extent);
  return extents * group.extent;
}

/** A logical volume of LVM. */
export const lvol: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'lvol',
  summary: 'Make, grow, shrink or remove a logical volume of LVM',
  schema,
  effect: 'opaque',
  // With a sign it grows or shrinks each time.
  repeats: ({ size = '', state }) => state !== 'absent' && /^\s*[+-]/.test(size),
  probe: (want) =>
    scriptProbe({
      script: question(want),
      parse(output) {
        const answer = new Answer(output, `the volume ${target(want)}`);
        const rows = (answer.bytes('volumes')?.toString() ?? '')
          .split('\n')
          .map((line) => line.trim().split('|'))
          .filter(([one]) => one);
        const group = answer.bytes('group')?.toString().trim().split('|').map(Number);
        const [size = 0, free = 0, extent = 1] = group ?? [];
        return {
          lvm: answer.get('lvm') !== 'no',
          group: group === undefined ? undefined : { size, free, extent: extent || 1 },
          volumes: new Map(
            rows.map(([one = '', bytes, active = '']) => [
              one.replace(/^\[|\]$/g, ''),
              { size: Number(bytes), active: active.trim() === 'active' },
            ]),
          ),
        };
      },
    }),
  refuse(want, have) {
    const { state = 'present', vg, lv, thinpool, size, force, shrink = true } = want;
    if (!have.lvm) return ['the host has no lvm; install the package lvm2 first'];
    if (lv === undefined && thinpool === undefined) return ['one of the following is required: lv, thinpool'];
    if (!have.group) return state === 'absent' ? [] : [`Volume group ${vg} does not exist.`];
    const found = have.volumes.get(target(want));
    if (state === 'absent')
      return found && !force
        ? [`Sorry, no removal of logical volume ${target(want)} without force=true.`]
        : [];
    if (want.snapshot !== undefined && (lv === undefined || !have.volumes.has(lv)))
      return [`Snapshot origin LV ${lv} does not exist in volume group ${vg}.`];
    if (!found && thinpool !== undefined && lv !== undefined && !have.volumes.has(thinpool))
      return [`Thin pool LV ${thinpool} does not exist in volume group ${vg}.`];
    if (!found && size === undefined && (want.snapshot === undefined || thinpool === undefined))
      return ['No size given.'];
    const bytes = wantedBytes(want, have);
    return found && bytes !== undefined && bytes < found.size && shrink && !force
      ? [`Sorry, no shrinking of ${target(want)} without force=true.`]
      : [];
  },
  diff(want, have) {
    const { state = 'present', active = true, shrink = true } = want;
    const found = have.volumes.get(target(want));
    const attribute = `volume ${target(want)}`;
    if (state === 'absent') return found ? [{ attribute, from: 'present', to: 'absent' }] : [];
    if (!found) return [{ attribute, from: 'absent', to: want.size ?? 'present' }];
    const bytes = wantedBytes(want, have);
    const differs = bytes !== undefined && bytes !== found.size && (bytes > found.size || shrink);
    const size: Change[] = differs
      ? [{ attribute: 'size', from: `${found.size} bytes`, to: `${bytes} bytes` }]
      : [];
    const isActive = want.snapshot === undefined && found.active !== active;
    return [
      ...size,
      ...(isActive
        ? [
            {
              attribute: 'state',
              from: found.active ? 'active' : 'inactive',
              to: active ? 'active' : 'inactive',
            },
          ]
        : []),
    ];
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const { vg, lv = '', snapshot, thinpool, pvs = [], size } = want;
    const run = (...words: readonly string[]) => `${words.map(quote).join(' ')} || exit 1`;
    const path = `${vg}/${target(want)}`;
    const out: string[] = [systemPath];
    const wanted = size === undefined ? undefined : readVolumeSize(size.trim());
    const extra = splitWords(want.opts ?? '') ?? [];
    const sized = wanted ? [wanted.option, wanted.text] : [];
    if (want.state === 'absent') out.push(run('lvremove', '--force', path));
    else if (!have.volumes.has(target(want))) {
      const words = ['lvcreate', '--yes', ...extra];
      if (snapshot !== undefined) words.push(...sized, '-s', '-n', snapshot, `${vg}/${lv}`);
      else if (thinpool !== undefined && want.lv !== undefined)
        words.push('-n', lv, ...(wanted ? ['-V', wanted.text] : []), '-T', `${vg}/${thinpool}`);
      else if (thinpool !== undefined) words.push(...sized, '-T', `${vg}/${thinpool}`);
      else words.push('-n', lv, ...sized, vg, ...pvs);
      out.push(run(...words));
      if (want.active === false) out.push(run('lvchange', '--activate', 'n', path));
    } else {
      const bytes = wantedBytes(want, have) ?? 0;
      if (changes.some(({ attribute }) => attribute === 'size')) {
        const grows = bytes > (have.volumes.get(target(want))?.size ?? 0);
        const more = [...(want.resizefs ? ['--resizefs'] : []), ...(grows ? [] : ['--force'])];
        out.push(
          run(grows ? 'lvextend' : 'lvreduce', ...more, '-L', `${bytes}b`, path, ...(grows ? pvs : [])),
        );
      }
      if (changes.some(({ attribute }) => attribute === 'state'))
        out.push(run('lvchange', '--activate', want.active === false ? 'n' : 'y', path));
    }
    return [{ kind: 'script', script: `{ ${out.join('\n')}\n} </dev/null` }];
  },
  result: (want, have) => {
    const found = have.volumes.get(target(want));
    return { vg: want.vg, lv: target(want), ...(found && { size: found.size }) };
  },
};
