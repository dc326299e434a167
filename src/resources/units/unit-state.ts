import { asking, type Probe } from '../../probes/probe.ts';
import { unit } from '../../probes/unit.ts';
import type { UnitAnswer } from '../../probes/unit-answer.ts';

/** What systemd says of a unit, whenever its process began. */
export type UnitState = Omit<UnitAnswer, 'began'> & {
  /** Why the systemd of a user cannot be asked. */
  readonly unreachable?: string;
};

/** The unit that a service name means. */
export function unitName(name: string): string {
  return /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/.test(name)
    ? name
    : `${name}.service`;
}

/**
 * Asks systemd about a unit, or only whether it must read its files again.
 * @param enablement whether it matters if the unit starts at boot or is masked: that costs a process more
 */
export function probeUnit(name: string | undefined, reload: boolean, enablement = false): Probe<UnitState> {
  const question = { ...(name !== undefined && { name: unitName(name) }), reload, enablement };
  return asking({ state: unit(question) }, ({ state }) => state);
}

/** Where systemd finds the files of a unit; of an instance also its template. */
export function unitPaths(name: string | undefined): readonly string[] {
  if (name === undefined) return [];
  const unit = unitName(name);
  const names = [unit, unit.replace(/@.*(?=\.[a-z]+$)/, '@')];
  const folders = ['/etc/systemd/system', '/run/systemd/system', '/usr/local/lib/systemd/system'];
  return [...folders, '/usr/lib/systemd/system', '/lib/systemd/system', '/etc/init.d'].flatMap((folder) =>
    [...new Set(folder === '/etc/init.d' ? [name.replace(/\.service$/, '')] : names)].map(
      (one) => `${folder}/${one}`,
    ),
  );
}

/** Whether the unit runs, or is about to. */
export function isStarted({ properties }: UnitState): boolean {
  return ['active', 'activating', 'reloading'].includes(properties.get('ActiveState') ?? '');
}

/** Whether the unit only ever runs for a moment: systemd then forgets that it has run. */
export function isOneOff({ properties }: UnitState): boolean {
  return properties.get('Type') === 'oneshot' && properties.get('RemainAfterExit') !== 'yes';
}

/** What `systemctl is-enabled` says of the unit. */
export function enablementOf({ properties, enablement }: UnitState): string {
  return enablement || properties.get('UnitFileState') || '';
}

/** Whether the unit starts at boot; undefined for one that cannot be enabled or disabled itself. */
export function isEnabled(have: UnitState): boolean | undefined {
  const state = enablementOf(have);
  if (['static', 'indirect', 'transient'].includes(state)) return undefined;
  if (['enabled', 'enabled-runtime', 'alias', 'linked', 'linked-runtime', 'generated'].includes(state)) {
    return state !== 'linked' && state !== 'linked-runtime';
  }
  return false;
}

/** Whether the unit is linked to /dev/null. */
export function isMasked(have: UnitState): boolean {
  return have.properties.get('LoadState') === 'masked' || /^masked/.test(enablementOf(have));
}
