import type { Probe } from '../../probes/probe.ts';
import { quote } from '../../shell/quote.ts';
import type { Change, Json, Obstacle } from '../resource.ts';
import { scopedSystemctl } from './scoped-unit.ts';
import {
  enablementOf,
  isEnabled,
  isMasked,
  isOneOff,
  isStarted,
  type UnitState,
  unitName,
  unitPaths,
} from './unit-state.ts';

/** What is wanted of a unit. */
export interface WantedUnit {
  readonly name?: string;
  readonly state?: 'started' | 'stopped' | 'restarted' | 'reloaded';
  readonly enabled?: boolean;
  readonly masked?: boolean;
  readonly daemon_reload?: boolean;
  readonly daemon_reexec?: boolean;
  readonly scope?: 'system' | 'user' | 'global';
  readonly force?: boolean;
  readonly no_block?: boolean;
}

/** Whether the unit is restarted or reloaded each time. */
export function wakesUnit({ state }: WantedUnit): boolean {
  return state === 'restarted' || state === 'reloaded';
}

/** Whether something is done each time. */
export function actsEachTime(want: WantedUnit): boolean {
  return wakesUnit(want) || want.daemon_reexec === true;
}

/** Why nothing can be done about the unit. */
export function refuseUnit(want: WantedUnit, have: UnitState): readonly string[] {
  if (!have.systemd)
    return [
      `this host is not run by systemd (process 1 is ${have.init}); other service managers are not supported`,
    ];
  if (have.unreachable !== undefined)
    return [
      `the systemd of this user does not run (${have.unreachable}): \`loginctl enable-linger\` keeps it running without a login`,
    ];
  if (want.scope === 'global' && want.state !== undefined)
    return ['what all users get is enabled or masked only: `scope: user` starts and stops units'];
  if (want.name === undefined) {
    return want.state === undefined && want.enabled === undefined && want.masked === undefined
      ? []
      : ['state, enabled and masked need name'];
  }
  const unit = unitName(want.name);
  const load = have.properties.get('LoadState');
  if (isMissing(want, have) && !want.daemon_reload) return [missingUnit(want, unit)];
  if (!load) return ['systemctl on the host gave no answer'];
  if (load === 'bad-setting' || load === 'error') {
    return [`systemd cannot load ${unit} (${load}): see \`systemctl status ${unit}\` on the host`];
  }
  if (want.state === 'started' && isOneOff(have) && !isStarted(have)) {
    return [
      `${unit} runs for a moment only (Type=oneshot) and so is never found started; \`state: restarted\` runs it each time`,
    ];
  }
  const needed = want.state !== undefined && want.state !== 'stopped';
  if (isMasked(have) && want.masked === undefined && (needed || want.enabled)) {
    return [`${unit} is masked; \`masked: false\` lifts that`];
  }
  return [];
}

function isMissing(want: WantedUnit, have: UnitState): boolean {
  return have.properties.get('LoadState') === 'not-found' && !isMasked(have) && want.masked !== true;
}

function missingUnit(want: WantedUnit, unit: string): string {
  const gone = want.state === 'stopped' && want.enabled !== true && want.masked === undefined;
  const hint = gone
    ? '; leave the task out with `when` where it is not installed'
    : '; is its package installed?';
  return `there is no unit ${unit} on the host${hint}`;
}

/** What only reading unit files again could still bring about: a plan expects that of files that are newer than systemd's knowledge. */
export function unitPremises(
  want: WantedUnit,
): Probe<(changes: readonly Change[], have: UnitState) => readonly Obstacle[]> {
  return {
    asks: [],
    read: () => (_changes, have) =>
      want.name !== undefined && want.daemon_reload && !have.needsReload && isMissing(want, have)
        ? [{ message: missingUnit(want, unitName(want.name)), doubted: unitPaths(want.name) }]
        : [],
  };
}

/** How the unit differs. */
export function unitChanges(want: WantedUnit, have: UnitState): readonly Change[] {
  const changes: Change[] = [];
  const active = have.properties.get('ActiveState') || 'unknown';
  if (want.daemon_reload && have.needsReload) changes.push({ attribute: 'daemon_reload', to: 'reloaded' });
  if (want.daemon_reexec) changes.push({ attribute: 'daemon_reexec', to: 'executed again' });
  if (want.name === undefined) return changes;
  const yes = (value: boolean | undefined) => (value ? 'true' : 'false');
  if (want.masked !== undefined && want.masked !== isMasked(have)) {
    changes.push({ attribute: 'masked', from: yes(!want.masked), to: yes(want.masked) });
  }
  const enabled = isMasked(have) && want.masked === false ? false : isEnabled(have);
  if (want.enabled !== undefined && enabled !== undefined && want.enabled !== enabled) {
    changes.push({ attribute: 'enabled', from: yes(enabled), to: yes(want.enabled) });
  }
  const started = isStarted(have);
  if (wakesUnit(want) || (want.state === 'started' && !started)) {
    changes.push({ attribute: 'state', from: active, to: want.state ?? '' });
  }
  if (want.state === 'stopped' && started) {
    changes.push({ attribute: 'state', from: active, to: 'stopped' });
  }
  return changes;
}

const verbs = {
  started: 'start',
  stopped: 'stop',
  restarted: 'restart',
  reloaded: 'reload-or-restart',
} as const;

/** sh code that runs `complaint` when a unit that was started does not stay up. */
export function stayingScript(name: string, complaint: string): string {
  const unit = quote(unitName(name));
  // A simple service counts as started before it has read its configuration: a moment later it may be gone.
  return `provision_unit=$(systemctl show -p Type,ActiveState -- ${unit})
case $provision_unit in *Type=simple* | *Type=exec* | *Type=idle*) sleep 0.3; provision_unit=$(systemctl show -p ActiveState -- ${unit}) ;; esac
case $provision_unit in *ActiveState=failed*) ${complaint} ;; esac`;
}

/** sh code that brings the unit where it is wanted and shows its last words when it does not stay there. */
export function unitScript(want: WantedUnit, changes: readonly Change[], have: UnitState): string {
  const changed = (attribute: string) => changes.some((change) => change.attribute === attribute);
  const lines: string[] = [];
  const reload = 'systemctl daemon-reload || exit 1';
  if (want.scope === 'user' || want.scope === 'global') lines.push(scopedSystemctl(want.scope));
  if (want.daemon_reexec) lines.push('systemctl daemon-reexec || exit 1');
  if (want.daemon_reload || have.needsReload) lines.push(reload);
  if (want.name === undefined) return lines.join('\n');
  const unit = quote(unitName(want.name));
  if (changed('masked')) lines.push(`systemctl -q ${want.masked ? 'mask' : 'unmask'} -- ${unit} || exit 1`);
  if (changed('enabled')) {
    const verb = want.enabled ? `enable${want.force ? ' --force' : ''}` : 'disable';
    lines.push(`systemctl -q ${verb} -- ${unit} || exit 1`);
    // What was enabled until the next boot only is not what `disable` looks at.
    if (!want.enabled && /-runtime$/.test(enablementOf(have)))
      lines.push(`systemctl -q disable --runtime -- ${unit} || exit 1`);
  }
  if (!changed('state') || want.state === undefined) return lines.join('\n');
  // What the unit is made of may have been changed since the host was asked, earlier in the same program.
  if (!lines.includes(reload) && want.state !== 'stopped') {
    lines.push(`case $(systemctl show -p NeedDaemonReload -- ${unit}) in *=yes*) ${reload} ;; esac`);
  }
  const block = want.no_block ? ' --no-block' : '';
  lines.push(
    'provision_give_up() {',
    `  systemctl --no-pager --full -n 20 status -- ${unit} >&2`,
    '  exit 1',
    '}',
    `systemctl${block} ${verbs[want.state]} -- ${unit} || provision_give_up`,
  );
  if (want.state !== 'stopped' && !want.no_block) {
    lines.push(stayingScript(want.name, 'provision_give_up'));
  }
  return lines.join('\n');
}

/** What \`register\` sees. */
export function unitResult(want: WantedUnit, have: UnitState): { readonly [key: string]: Json } {
  if (want.name === undefined) return {};
  return {
    name: want.name,
    ...(want.state !== undefined && { state: want.state === 'stopped' ? 'stopped' : 'started' }),
    ...(want.enabled !== undefined && { enabled: want.enabled }),
    status: Object.fromEntries(have.properties),
  };
}
