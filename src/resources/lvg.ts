import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import { splitWords } from './commands/word-split.ts';
import type { Change, HostResource } from './resource.ts';

const flag = (description: string, fallback = false) =>
  Type.Optional(Type.Boolean({ default: fallback, description }));

const schema = Type.Object(
  {
    vg: Type.String({ pattern: '^[A-Za-z0-9_+.][\\w+.-]*$', description: 'the volume group' }),
    pvs: Type.Optional(
      Type.Array(Type.String({ pattern: '^/[^\\s]*$' }), { description: 'devices that it is made of' }),
    ),
    pesize: Type.Optional(
      Type.String({ pattern: '^\\d+[kKmMgGtTsSbB]?$', default: '4', description: 'size of its extents' }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent', 'active', 'inactive'], {
        default: 'present',
        description: 'active and inactive are about all its volumes',
      }),
    ),
    force: flag('with absent: volumes in it are removed, too'),
    pv_options: Type.Optional(Type.String({ description: 'further words for pvcreate' })),
    vg_options: Type.Optional(Type.String({ description: 'further words for vgcreate' })),
    pvresize: flag('devices that have grown are used whole'),
    remove_extra_pvs: flag('devices that are not named leave it', true),
    reset_vg_uuid: flag('it gets another UUID each time'),
    reset_pv_uuid: flag('its devices get other UUIDs each time'),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface Device {
  readonly name: string;
  readonly group: string;
}

interface State {
  readonly lvm: boolean;
  /** How many logical volumes it has, and how many of them are active; undefined without it. */
  readonly volumes: number | undefined;
  readonly active: number;
  readonly devices: readonly Device[];
  readonly missing: readonly string[];
  /** Devices by the names that lvm has for them. */
  readonly real: ReadonlyMap<string, string>;
  /** Those that lvm does not use whole. */
  readonly grown: readonly string[];
}

function question(want: Arguments): string {
  const list = (want.pvs ?? []).map(quote).join(' ');
  const plain = '--noheadings --nosuffix --units b --separator "|"';
  return `${printFunction}
${systemPath}
export LC_ALL=C
command -v vgs >/dev/null || { echo 'lvm no'; exit 0; }
provision_out=$(vgs --noheadings -o lv_count ${quote(want.vg)} 2>/dev/null) && printf 'volumes %s\\n' "$(printf %s "$provision_out" | tr -d ' ')"
printf 'active %s\\n' "$(lvs --noheadings -o lv_active ${quote(want.vg)} 2>/dev/null | grep -c active)"
provision_print devices "$(pvs ${plain} -o pv_name,vg_name,dev_size,pv_size,pe_start 2>/dev/null)"
for provision_one in ${list}; do
  if [ -e "$provision_one" ]; then provision_all="$provision_all$provision_one|$(readlink -f -- "$provision_one")
"; else provision_gone="$provision_gone$provision_one
"; fi
done
provision_print real "$provision_all"
provision_print gone "$provision_gone"`;
}

function lines(text: Buffer | undefined): readonly string[] {
  return (text?.toString() ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

// What is smaller than an extent cannot be used.
const worthwhile = 8 * 1024 * 1024;

function members(want: Arguments, have: State) {
  const own = have.devices.filter(({ group }) => group === want.vg).map(({ name }) => name);
  const wanted = (want.pvs ?? []).map((one) => ({ given: one, names: [one, have.real.get(one) ?? one] }));
  const missing = wanted.filter(({ names }) => !names.some((name) => own.includes(name)));
  const extra = own.filter((name) => !wanted.some(({ names }) => names.includes(name)));
  return { missing: missing.map(({ given }) => given), extra };
}

/** A volume group of LVM. */
export const lvg: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'lvg',
  summary: 'Make, extend, reduce or remove a volume group of LVM',
  schema,
  effect: 'opaque',
  repeats: ({ reset_vg_uuid, reset_pv_uuid, state }) =>
    state !== 'absent' && (reset_vg_uuid === true || reset_pv_uuid === true),
  probe: (want) =>
    scriptProbe({
      script: question(want),
      parse(output) {
        const answer = new Answer(output, `the volume group ${want.vg}`);
        const rows = lines(answer.bytes('devices')).map((line) => line.split('|').map((one) => one.trim()));
        const volumes = answer.get('volumes');
        return {
          lvm: answer.get('lvm') !== 'no',
          volumes: volumes === undefined ? undefined : Number(volumes),
          active: Number(answer.get('active') ?? 0),
          devices: rows.map(([name = '', group = '']) => ({ name, group })),
          missing: lines(answer.bytes('gone')),
          real: new Map(lines(answer.bytes('real')).map((line) => line.split('|') as [string, string])),
          grown: rows.flatMap(([name = '', , whole, used, start]) =>
            Number(whole) - Number(used) - Number(start) >= worthwhile ? [name] : [],
          ),
        };
      },
    }),
  reliesOn: ({ pvs }) => pvs ?? [],
  refuse(want, have) {
    if (!have.lvm) return ['the host has no lvm; install the package lvm2 first'];
    if (want.state === 'absent')
      return have.volumes && !want.force
        ? [`Cannot remove non-empty volume group ${want.vg} without force=true`]
        : [];
    if (want.state === 'active' || want.state === 'inactive')
      return have.volumes === undefined ? [`Volume group ${want.vg} does not exist.`] : [];
    if (want.pvs === undefined) return have.volumes === undefined ? ['No physical volumes given.'] : [];
    if (have.missing.length > 0) return [`Device ${have.missing[0]} not found.`];
    const other = have.devices.find(
      ({ name, group }) =>
        group !== '' &&
        group !== want.vg &&
        want.pvs?.some((one) => name === one || name === have.real.get(one)),
    );
    return other ? [`Device ${other.name} is already in ${other.group} volume group.`] : [];
  },
  diff(want, have) {
    const attribute = `volume group ${want.vg}`;
    const { state = 'present', pvs, remove_extra_pvs: removes = true } = want;
    if (state === 'absent')
      return have.volumes === undefined ? [] : [{ attribute, from: 'present', to: 'absent' }];
    if (state === 'inactive') return have.active > 0 ? [{ attribute, from: 'active', to: 'inactive' }] : [];
    if (state === 'active')
      return have.active < (have.volumes ?? 0) ? [{ attribute, from: 'inactive', to: 'active' }] : [];
    if (have.volumes === undefined) return [{ attribute, from: 'absent', to: (pvs ?? []).join(' ') }];
    const { missing, extra } = pvs === undefined ? { missing: [], extra: [] } : members(want, have);
    const device = (name: string, from: string, to: string): Change => ({
      attribute: `device ${name}`,
      from,
      to,
    });
    const own = new Set(have.devices.flatMap(({ name, group }) => (group === want.vg ? [name] : [])));
    return [
      ...missing.map((name) => device(name, 'absent', 'in the group')),
      ...(removes ? extra.map((name) => device(name, 'in the group', 'absent')) : []),
      ...(want.pvresize
        ? have.grown.filter((name) => own.has(name)).map((name) => device(name, 'used in part', 'used whole'))
        : []),
      ...(want.reset_pv_uuid ? [{ attribute: 'uuid of its devices', to: 'made anew' }] : []),
      ...(want.reset_vg_uuid ? [{ attribute: 'uuid', to: 'made anew' }] : []),
    ];
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const { vg, state = 'present', pvs = [] } = want;
    const run = (...words: readonly string[]) => `${words.map(quote).join(' ')} || exit 1`;
    const out: string[] = [systemPath];
    const known = new Set(have.devices.map(({ name }) => name));
    const make = (names: readonly string[]) => {
      const fresh = names.filter((name) => !known.has(name) && !known.has(have.real.get(name) ?? name));
      for (const name of fresh)
        out.push(run('pvcreate', ...(splitWords(want.pv_options ?? '') ?? []), '-f', name));
    };
    if (state === 'absent') out.push(run('vgremove', '--force', vg));
    else if (state === 'active' || state === 'inactive')
      out.push(run('vgchange', '--activate', state === 'active' ? 'y' : 'n', vg));
    else if (have.volumes === undefined) {
      make(pvs);
      out.push(
        run('vgcreate', ...(splitWords(want.vg_options ?? '') ?? []), '-s', want.pesize ?? '4', vg, ...pvs),
      );
    } else {
      const named = (to: string) =>
        changes.flatMap((one) =>
          one.to === to && one.attribute.startsWith('device ') ? [one.attribute.slice(7)] : [],
        );
      for (const name of named('used whole')) out.push(run('pvresize', name));
      const joins = named('in the group');
      make(joins);
      if (joins.length > 0) out.push(run('vgextend', vg, ...joins));
      const leaves = named('absent');
      // What lies on a device that leaves is moved to the others first.
      for (const name of leaves) out.push(`pvmove ${quote(name)} >/dev/null 2>&1 || :`);
      if (leaves.length > 0) out.push(run('vgreduce', '--force', vg, ...leaves));
      if (want.reset_pv_uuid) out.push(run('vgchange', '--activate', 'n', vg), run('pvchange', '-u', ...pvs));
      if (want.reset_vg_uuid) out.push(run('vgchange', '-u', vg));
    }
    return [{ kind: 'script', script: `{ ${out.join('\n')}\n} </dev/null` }];
  },
};
