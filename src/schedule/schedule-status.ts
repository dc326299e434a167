import { join } from 'node:path';
import { readReach } from './reach-record.ts';
import type { ServiceManager } from './service-manager.ts';
import { ourSchedules } from './unit-folder.ts';

/** How a schedule stands; times in systemd's words. */
export interface ScheduleStatus {
  readonly name: string;
  readonly playbook: string;
  /** When the timer fires next; undefined: never, it is off. */
  readonly next: string | undefined;
  readonly last: string | undefined;
  readonly result: string;
  /** Hosts that the last run did not reach, and when one last did. */
  readonly missed: readonly { readonly host: string; readonly since: string }[];
}

/** All schedules that this command made in the place, by name. */
export async function scheduleStatuses(systemd: ServiceManager): Promise<readonly ScheduleStatus[]> {
  const schedules = [...(await ourSchedules(systemd.place.folder))];
  const timers = await systemd.show(
    schedules.map(([name]) => `${name}.timer`),
    ['NextElapseUSecRealtime', 'LastTriggerUSec', 'ActiveState'],
  );
  const services = await systemd.show(
    schedules.map(([name]) => `${name}.service`),
    ['ActiveState', 'Result', 'ExecMainStatus', 'ExecMainExitTimestamp'],
  );
  const missed = await Promise.all(schedules.map(([name]) => missedHosts(name, systemd)));
  return schedules.map(([name, playbook], index) => {
    const timer = timers[index] ?? new Map();
    const service = services[index] ?? new Map();
    const on = timer.get('ActiveState') === 'active';
    return {
      name,
      playbook,
      next: on ? timer.get('NextElapseUSecRealtime') || undefined : undefined,
      last: service.get('ExecMainExitTimestamp') || timer.get('LastTriggerUSec') || undefined,
      result: resultText(service, timer),
      missed: missed[index] ?? [],
    };
  });
}

async function missedHosts(name: string, { place }: ServiceManager): Promise<ScheduleStatus['missed']> {
  const records = await Promise.all(place.stateFolders.map((folder) => readReach(join(folder, name))));
  const record = records.find(({ size }) => size > 0) ?? new Map();
  return [...record]
    .filter(([, { missed }]) => missed)
    .map(([host, { since }]) => ({ host, since: minute(since) }));
}

function minute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const endings: Readonly<Record<string, string>> = {
  '0': 'ok',
  '1': 'failed: the playbook cannot be used, or provision itself failed',
  '2': 'failed: a host failed, or something is still due',
  '4': 'ok, but a host was not reached',
  '124': 'interrupted: its time (--timeout) was over',
  '130': 'interrupted',
};

function resultText(service: ReadonlyMap<string, string>, timer: ReadonlyMap<string, string>): string {
  if (['activating', 'deactivating'].includes(service.get('ActiveState') ?? '')) return 'running now';
  const result = service.get('Result');
  const status = service.get('ExecMainStatus') ?? '';
  if (result === 'success' || result === 'exit-code') {
    if (service.get('ExecMainExitTimestamp')) return endings[status] ?? `failed with code ${status}`;
    // After a boot only the timer remembers.
    return timer.get('LastTriggerUSec') ? 'not known since the last boot' : 'has not run yet';
  }
  return `failed: ${result}`;
}
