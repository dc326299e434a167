import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ProvisionError } from '../errors/problem.ts';
import type { Schedule } from './schedule.ts';
import type { ServiceManager } from './service-manager.ts';
import { playbookOf, type UnitFile, unitFiles } from './unit-files.ts';
import { type FoundUnit, findUnit, writeUnit } from './unit-folder.ts';

/** Writes the units of a schedule and starts its timer; reports what became of them. */
export async function install(
  schedule: Schedule,
  systemd: ServiceManager,
): Promise<'installed' | 'changed' | 'unchanged'> {
  const { service, timer } = unitFiles(schedule);
  const before = await ourUnits(schedule.name, systemd);
  const differs = (file: UnitFile, found: FoundUnit | undefined): boolean =>
    found?.text !== file.text || !found.sound;
  const changed = [
    ...(differs(service, before.service) ? [service] : []),
    ...(differs(timer, before.timer) ? [timer] : []),
  ];
  if (changed.length === 0 && before.running) return 'unchanged';
  for (const file of changed) await writeUnit(systemd.place.folder, file);
  await systemd.must('daemon-reload');
  await systemd.must('enable', timer.name);
  // A timer that runs takes no notice of a new calendar.
  await systemd.must(changed.includes(timer) ? 'restart' : 'start', timer.name);
  return before.service || before.timer ? 'changed' : 'installed';
}

/** Stops a schedule and takes away all that belongs to it, also a run under way; false when there is none. */
export async function remove(name: string, systemd: ServiceManager): Promise<boolean> {
  const { folder, stateFolders, stampFolder } = systemd.place;
  const units = [`${name}.timer`, `${name}.service`];
  const before = await ourUnits(name, systemd);
  if (!before.service && !before.timer) return false;
  if (before.timer) await systemd.must('disable', '--now', `${name}.timer`);
  await systemd.ask('stop', ...units);
  // `systemctl clean` would do it, but not everywhere: it came with systemd 243, and wants a D-Bus of the user.
  for (const state of stateFolders) await rm(join(state, name), { recursive: true, force: true });
  await rm(join(stampFolder, `stamp-${name}.timer`), { force: true });
  for (const unit of units) await rm(join(folder, unit), { force: true });
  await systemd.must('daemon-reload');
  await systemd.ask('reset-failed', ...units);
  return true;
}

interface OurUnits {
  readonly service: FoundUnit | undefined;
  readonly timer: FoundUnit | undefined;
  /** The timer is on, now and after a boot, and systemd knows the files as they are. */
  readonly running: boolean;
}

// Somebody else's unit of that name is never touched.
async function ourUnits(name: string, systemd: ServiceManager): Promise<OurUnits> {
  const { folder } = systemd.place;
  const names = [`${name}.service`, `${name}.timer`] as const;
  const properties = ['FragmentPath', 'UnitFileState', 'ActiveState', 'NeedDaemonReload'];
  const known = await systemd.show(names, properties);
  const found = await Promise.all(names.map((unit) => findUnit(folder, unit)));
  for (const [index, unit] of names.entries()) {
    const path = join(folder, unit);
    const file = found[index];
    const other = file ? path : known[index]?.get('FragmentPath');
    if (!other || (file && playbookOf(file.text) !== undefined)) continue;
    throw new ProvisionError([
      {
        code: 'unit-of-another',
        message: `there is a unit ${unit} that this command did not make: ${other}`,
        hint: 'choose another name with --name, or remove that unit yourself',
      },
    ]);
  }
  const [service, timer] = known;
  const running =
    timer?.get('UnitFileState') === 'enabled' &&
    timer.get('ActiveState') === 'active' &&
    [service, timer].every((unit) => unit?.get('NeedDaemonReload') === 'no');
  return { service: found[0], timer: found[1], running };
}
