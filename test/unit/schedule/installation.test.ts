import { chmodSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { install, remove } from '../../../src/schedule/installation.ts';
import { ServiceManager } from '../../../src/schedule/service-manager.ts';
import { unitFiles } from '../../../src/schedule/unit-files.ts';
import { FakeSystemd } from '../../helpers/schedule/fake-systemd.ts';
import { sampleSchedule } from '../../helpers/schedule/sample-schedule.ts';

const { service, timer } = unitFiles(sampleSchedule);
const started = ['daemon-reload', 'enable provision-lab.timer'];

describe('install', () => {
  it('writes both units for all to read, and starts the timer; the second time nothing is done', async () => {
    const fake = new FakeSystemd();
    expect(await install(sampleSchedule, fake.systemd)).toBe('installed');
    expect(fake.calls()).toEqual([...started, 'restart provision-lab.timer']);
    expect(readdirSync(fake.units).sort()).toEqual([service.name, timer.name]);
    for (const unit of [service, timer]) {
      expect(fake.read(`units/${unit.name}`)).toBe(unit.text);
      expect(statSync(join(fake.units, unit.name)).mode & 0o777).toBe(0o644);
    }
    expect(await install(sampleSchedule, fake.systemd)).toBe('unchanged');
    expect(fake.calls()).toEqual([]);
  });

  it('restarts the timer for a new calendar only', async () => {
    const fake = new FakeSystemd();
    await install(sampleSchedule, fake.systemd);
    fake.calls();
    expect(await install({ ...sampleSchedule, home: '/home/me' }, fake.systemd)).toBe('changed');
    expect(fake.calls()).toEqual([...started, 'start provision-lab.timer']);
    expect(await install({ ...sampleSchedule, home: '/home/me', calendar: 'hourly' }, fake.systemd)).toBe(
      'changed',
    );
    expect(fake.calls()).toEqual([...started, 'restart provision-lab.timer']);
  });

  it.each([
    ['the timer was stopped', (fake: FakeSystemd) => fake.systemd.must('disable', '--now', timer.name)],
    ['systemd did not notice a change', async (fake: FakeSystemd) => fake.write('changed', '')],
    [
      'others may write the unit',
      async (fake: FakeSystemd) => chmodSync(join(fake.units, service.name), 0o666),
    ],
    [
      'a unit was edited',
      async (fake: FakeSystemd) => fake.write(`units/${service.name}`, `${service.text}Nice=19\n`),
    ],
  ])('mends it when %s', async (_case, spoil) => {
    const fake = new FakeSystemd();
    await install(sampleSchedule, fake.systemd);
    await spoil(fake);
    expect(await install(sampleSchedule, fake.systemd)).toBe('changed');
    expect(fake.read(`units/${service.name}`)).toBe(service.text);
    expect(await install(sampleSchedule, fake.systemd)).toBe('unchanged');
  });

  it('makes the folder of units when there is none', async () => {
    const fake = new FakeSystemd();
    const folder = join(fake.path, 'units/deep/er');
    await install(sampleSchedule, new ServiceManager({ ...fake.systemd.place, folder }));
    expect(readdirSync(folder).sort()).toEqual([service.name, timer.name]);
  });
});

describe("somebody else's unit", () => {
  const spoilers = {
    'written by hand': (fake: FakeSystemd) =>
      fake.write(`units/${service.name}`, '[Service]\nExecStart=/bin/true\n'),
    'brought by a package': (fake: FakeSystemd) =>
      fake.write(`show.${service.name}`, `FragmentPath=/usr/lib/systemd/system/${service.name}\n`),
    masked: (fake: FakeSystemd) => symlinkSync('/dev/null', join(fake.units, timer.name)),
  };

  it.each(Object.entries(spoilers))('%s, is not touched', async (_case, spoil) => {
    const fake = new FakeSystemd();
    spoil(fake);
    const before = readdirSync(fake.units);
    for (const act of [
      () => install(sampleSchedule, fake.systemd),
      () => remove('provision-lab', fake.systemd),
    ]) {
      await expect(act()).rejects.toThrow(
        /there is a unit provision-lab\.(service|timer) that this command did not make/,
      );
    }
    expect([readdirSync(fake.units), fake.calls()]).toEqual([before, []]);
  });
});

describe('remove', () => {
  it('leaves nothing, and says when there was nothing', async () => {
    const fake = new FakeSystemd();
    await install(sampleSchedule, fake.systemd);
    fake.write('state/provision-lab/reached.json', '{}');
    fake.write('state/other/file', '');
    fake.write('stamps/stamp-provision-lab.timer', '');
    fake.calls();
    expect(await remove('provision-lab', fake.systemd)).toBe(true);
    expect(fake.calls()).toEqual([
      'disable --now provision-lab.timer',
      'stop provision-lab.timer provision-lab.service',
      'daemon-reload',
      'reset-failed provision-lab.timer provision-lab.service',
    ]);
    expect([...readdirSync(fake.units), ...readdirSync(join(fake.path, 'stamps'))]).toEqual([]);
    expect(readdirSync(join(fake.path, 'state'))).toEqual(['other']);
    expect(await remove('provision-lab', fake.systemd)).toBe(false);
    expect(fake.calls()).toEqual([]);
  });

  it('takes away what an installation that was cut off has left', async () => {
    const fake = new FakeSystemd();
    fake.write(`units/${service.name}`, service.text);
    expect(await remove('provision-lab', fake.systemd)).toBe(true);
    expect(readdirSync(fake.units)).toEqual([]);
  });
});
