import { mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { absentStat } from '../../../src/probes/file-stat.ts';
import { stepScript } from '../../../src/resources/step-script.ts';
import { timezone } from '../../../src/resources/timezone.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared, ShellHost } from '../../helpers/resources/shell-host.ts';

const none = { stat: absentStat, text: undefined };
const mine = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const there = (text: string) => ({
  stat: { ...absentStat, ...mine, kind: 'file' as const, mode: 0o644 },
  text,
});
const vienna = { known: true, current: 'Europe/Vienna', named: none, adjtime: none };

describe('what differs', () => {
  test.each([
    [{ name: 'Europe/Vienna' }, vienna, []],
    [{ name: 'Etc/UTC' }, vienna, ['name: Europe/Vienna -> Etc/UTC']],
    [{ name: 'Etc/UTC' }, { ...vienna, current: undefined }, ['name: absent -> Etc/UTC']],
    // Without the file of Debian's there is one place only.
    [
      { name: 'Europe/Vienna' },
      { ...vienna, named: there('Etc/UTC\n') },
      ['name in /etc/timezone: Etc/UTC -> Europe/Vienna'],
    ],
    [{ hwclock: 'UTC' }, vienna, []],
    [{ hwclock: 'local' }, vienna, ['hwclock: UTC -> local']],
    [{ hwclock: 'UTC' }, { ...vienna, adjtime: there('0.0 0 0.0\n0\nLOCAL\n') }, ['hwclock: local -> UTC']],
    [{ hwclock: 'local' }, { ...vienna, adjtime: there('0.0 0 0.0\n0\nLOCAL\n') }, []],
  ])('%j', (want, have, changes) => {
    const args = prepared(timezone, want) as never;
    const found = timezone.diff(args, have);
    expect(found.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`)).toEqual(changes);
  });

  test('a zone that the host does not know is refused', () => {
    expect(timezone.refuse?.({ name: 'Europe/Wien' }, { ...vienna, known: false })).toEqual([
      'the host has no time zone Europe/Wien: it is misspelt, or the package tzdata is missing',
    ]);
  });
});

describe('on this machine', () => {
  const fresh = scratch();

  test('the zone and the clock are set in all their places, below a folder that stands for /etc', async () => {
    const etc = join(fresh(), 'etc');
    mkdirSync(etc);
    symlinkSync('../usr/share/zoneinfo/Etc/UTC', join(etc, 'localtime'));
    writeFileSync(join(etc, 'timezone'), 'Etc/UTC\n');
    const host = new ShellHost(['sh', '-s'], { PATH: '/usr/bin:/bin' });
    const inside = (text: string) => text.replaceAll('/etc/', `${etc}/`).replaceAll('/dev/rtc', `${etc}/rtc`);
    const args = prepared(timezone, { name: 'Europe/Vienna', hwclock: 'local' }) as never;
    const have = { ...vienna, current: 'Etc/UTC', named: there('Etc/UTC\n') };
    for (const step of timezone.steps(args, timezone.diff(args, have), have)) {
      if (step.kind !== 'script' && step.kind !== 'file') throw new Error(step.kind);
      expect((await host.run(inside(stepScript(step)))).code).toBe(0);
    }
    expect(readlinkSync(join(etc, 'localtime'))).toBe('/usr/share/zoneinfo/Europe/Vienna');
    expect(readFileSync(join(etc, 'timezone'), 'utf8')).toBe('Europe/Vienna\n');
    expect(readFileSync(join(etc, 'adjtime'), 'utf8')).toBe('0.0 0 0.0\n0\nLOCAL\n');
  });
});
