import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readVolumeSize } from '../../../src/resources/disks/volume-size.ts';
import { lvg } from '../../../src/resources/lvg.ts';
import { lvol } from '../../../src/resources/lvol.ts';
import type { AnyHostResource } from '../../../src/resources/resource.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();
const GiB = 2 ** 30;

// A group `data` of 10 GiB on d1, which has grown, and d2, with the volumes `www` and `off`.
const answers = {
  vgs: `case "$*" in
*'lv_count data') echo '  2' ;;
*vg_size*data) echo '  ${10 * GiB}|${4 * GiB}|4194304' ;;
*) exit 5 ;;
esac`,
  lvs: `case "$*" in
*'-o lv_active data') printf 'active\\n\\n' ;;
*lv_name*data) printf '  www|${4 * GiB}|active\\n  off|${2 * GiB}|\\n  [hidden]|4194304|\\n' ;;
esac`,
  pvs: `printf '  %s/d1|data|${8 * GiB}|${5 * GiB}|1048576\\n  %s/d2|data|${5 * GiB}|${5 * GiB - 4194304}|1048576\\n  %s/d3|other|1|1|1\\n  %s/d4||1|1|1\\n' "$FAKE" "$FAKE" "$FAKE" "$FAKE"`,
};
const changing = [
  'pvcreate',
  'vgcreate',
  'vgextend',
  'vgreduce',
  'vgremove',
  'vgchange',
  'pvchange',
  'pvresize',
  'pvmove',
  'lvcreate',
  'lvremove',
  'lvextend',
  'lvreduce',
  'lvchange',
];
const note = (program: string) =>
  `printf '${program}' >>"$FAKE/ran"; printf '[%s]' "$@" >>"$FAKE/ran"; echo >>"$FAKE/ran"`;
const programs = { ...answers, ...Object.fromEntries(changing.map((one) => [one, note(one)])) };

async function applied(resource: AnyHostResource, args: object) {
  const directory = fresh();
  for (const name of ['d1', 'd2', 'd3', 'd4', 'd5', 'ran']) writeFileSync(join(directory, name), '');
  const host = hostWith(join(directory, 'bin'), programs, { FAKE: directory });
  const settled = JSON.parse(JSON.stringify(args).replaceAll('@/', `${directory}/`));
  const { refused, changes, outputs } = await host.apply(resource, settled);
  for (const { code, stderr } of outputs) expect([code, stderr]).toEqual([0, '']);
  const short = (text: string) => text.replaceAll(`${directory}/`, '@/');
  const ran = readFileSync(join(directory, 'ran'), 'utf8').trim();
  return {
    refused: refused.map(short),
    changes: changes.map(({ attribute, from, to }) => short(`${attribute}: ${from} -> ${to}`)),
    ran: ran === '' ? [] : short(ran).split('\n'),
  };
}

describe('lvg', () => {
  test.each([
    [{ vg: 'data', pvs: ['@/d1', '@/d2'] }, [], []],
    [{ vg: 'data' }, [], []],
    [
      {
        vg: 'new',
        pvs: ['@/d4', '@/d5'],
        pesize: '32',
        pv_options: '--metadatasize 1m',
        vg_options: '--addtag x',
      },
      ['volume group new: absent -> @/d4 @/d5'],
      ['pvcreate[--metadatasize][1m][-f][@/d5]', 'vgcreate[--addtag][x][-s][32][new][@/d4][@/d5]'],
    ],
    [
      { vg: 'data', pvs: ['@/d1', '@/d5'] },
      ['device @/d5: absent -> in the group', 'device @/d2: in the group -> absent'],
      ['pvcreate[-f][@/d5]', 'vgextend[data][@/d5]', 'pvmove[@/d2]', 'vgreduce[--force][data][@/d2]'],
    ],
    [{ vg: 'data', pvs: ['@/d1'], remove_extra_pvs: false }, [], []],
    [
      { vg: 'data', pvs: ['@/d1', '@/d2'], pvresize: true },
      ['device @/d1: used in part -> used whole'],
      ['pvresize[@/d1]'],
    ],
    [
      { vg: 'data', state: 'absent', force: true },
      ['volume group data: present -> absent'],
      ['vgremove[--force][data]'],
    ],
    [{ vg: 'new', state: 'absent' }, [], []],
    [
      { vg: 'data', state: 'active' },
      ['volume group data: inactive -> active'],
      ['vgchange[--activate][y][data]'],
    ],
    [
      { vg: 'data', state: 'inactive' },
      ['volume group data: active -> inactive'],
      ['vgchange[--activate][n][data]'],
    ],
    [{ vg: 'data', reset_vg_uuid: true }, ['uuid: undefined -> made anew'], ['vgchange[-u][data]']],
  ])('%j', async (args, changes, ran) => {
    expect(await applied(lvg, args)).toEqual({ refused: [], changes, ran });
  });

  test.each([
    [{ vg: 'data', state: 'absent' }, 'Cannot remove non-empty volume group data without force=true'],
    [{ vg: 'new' }, 'No physical volumes given.'],
    [{ vg: 'new', pvs: ['@/none'] }, 'Device @/none not found.'],
    [{ vg: 'new', pvs: ['@/d3'] }, 'Device @/d3 is already in other volume group.'],
    [{ vg: 'new', state: 'active' }, 'Volume group new does not exist.'],
  ])('%j is refused', async (args, message) => {
    expect((await applied(lvg, args)).refused).toEqual([message]);
  });
});

describe('lvol', () => {
  test.each([
    [{ vg: 'data', lv: 'www', size: '4g' }, [], []],
    [{ vg: 'data', lv: 'www' }, [], []],
    [{ vg: 'data', lv: 'www', size: '40%VG' }, [], []],
    [
      { vg: 'data', lv: 'new', size: '512', opts: '-i 2', pvs: ['@/d1'] },
      ['volume new: absent -> 512'],
      ['lvcreate[--yes][-i][2][-n][new][-L][512m][data][@/d1]'],
    ],
    [
      { vg: 'data', lv: 'new', size: '100%FREE', active: false },
      ['volume new: absent -> 100%FREE'],
      ['lvcreate[--yes][-n][new][-l][100%FREE][data]', 'lvchange[--activate][n][data/new]'],
    ],
    [
      { vg: 'data', lv: 'www', size: '100%FREE', resizefs: true },
      [`size: ${4 * GiB} bytes -> ${8 * GiB} bytes`],
      [`lvextend[--resizefs][-L][${8 * GiB}b][data/www]`],
    ],
    [
      { vg: 'data', lv: 'www', size: '+1g' },
      [`size: ${4 * GiB} bytes -> ${5 * GiB} bytes`],
      [`lvextend[-L][${5 * GiB}b][data/www]`],
    ],
    [
      { vg: 'data', lv: 'www', size: '1g', force: true },
      [`size: ${4 * GiB} bytes -> ${GiB} bytes`],
      [`lvreduce[--force][-L][${GiB}b][data/www]`],
    ],
    [{ vg: 'data', lv: 'www', size: '1g', shrink: false }, [], []],
    [
      { vg: 'data', lv: 'www', active: false },
      ['state: active -> inactive'],
      ['lvchange[--activate][n][data/www]'],
    ],
    [
      { vg: 'data', lv: 'www', snapshot: 'snap', size: '100m' },
      ['volume snap: absent -> 100m'],
      ['lvcreate[--yes][-L][100m][-s][-n][snap][data/www]'],
    ],
    [
      { vg: 'data', thinpool: 'pool', size: '1g' },
      ['volume pool: absent -> 1g'],
      ['lvcreate[--yes][-L][1g][-T][data/pool]'],
    ],
    [
      { vg: 'data', thinpool: 'off', lv: 'thin', size: '9g' },
      ['volume thin: absent -> 9g'],
      ['lvcreate[--yes][-n][thin][-V][9g][-T][data/off]'],
    ],
    [
      { vg: 'data', lv: 'off', state: 'absent', force: true },
      ['volume off: present -> absent'],
      ['lvremove[--force][data/off]'],
    ],
    [{ vg: 'data', lv: 'new', state: 'absent' }, [], []],
  ])('%j', async (args, changes, ran) => {
    expect(await applied(lvol, args)).toEqual({ refused: [], changes, ran });
  });

  test.each([
    [{ vg: 'none', lv: 'a', size: '1g' }, 'Volume group none does not exist.'],
    [{ vg: 'data', lv: 'new' }, 'No size given.'],
    [
      { vg: 'data', lv: 'www', state: 'absent' },
      'Sorry, no removal of logical volume www without force=true.',
    ],
    [{ vg: 'data', lv: 'www', size: '1g' }, 'Sorry, no shrinking of www without force=true.'],
    [
      { vg: 'data', lv: 'none', snapshot: 's', size: '1g' },
      'Snapshot origin LV none does not exist in volume group data.',
    ],
    [
      { vg: 'data', thinpool: 'none', lv: 't', size: '1g' },
      'Thin pool LV none does not exist in volume group data.',
    ],
    [{ vg: 'data' }, 'one of the following is required: lv, thinpool'],
  ])('%j is refused', async (args, message) => {
    expect((await applied(lvol, args)).refused).toEqual([message]);
  });
});

test.each([
  ['512', 512 * 2 ** 20],
  ['10g', 10 * GiB],
  ['1.5T', 1.5e12],
  ['2048s', 2 ** 20],
])('%s is %d bytes', (text, bytes) => {
  expect(readVolumeSize(text)?.bytes).toBe(bytes);
});
