import { Answer, printFunction } from '../../probes/answer.ts';
import type { Probe } from '../../probes/probe.ts';
import { scriptProbe } from '../../probes/script.ts';
import { quote } from '../../shell/quote.ts';
import { type UnitState, unitName } from './unit-state.ts';

/** Whose units: those of the user that the task becomes, or what all users get. */
export type UserScope = 'user' | 'global';

// The manager of a user is found by its directory, which a login of sudo does not name.
const runtime =
  '[ -n "$XDG_RUNTIME_DIR" ] || export XDG_RUNTIME_DIR="/run/user/$(id -u)" DBUS_SESSION_BUS_ADDRESS="unix:path=/run/user/$(id -u)/bus"';

/** sh code behind which `systemctl` means the units of a scope. */
export function scopedSystemctl(scope: UserScope): string {
  const own = `systemctl() { command systemctl --${scope} "$@"; }`;
  return scope === 'user' ? `${runtime}\n${own}` : own;
}

/** Asks the systemd of a user about a unit, or what of it all users get. */
export function probeScopedUnit(scope: UserScope, name: string | undefined): Probe<UnitState> {
  const unit = name === undefined ? undefined : unitName(name);
  const asked = unit === undefined ? '' : quote(unit);
  const ofUser = `
provision_state=$(systemctl is-system-running 2>&1)
case $provision_state in
initializing | starting | running | degraded | maintenance | stopping) ;;
*) provision_print unreachable "$provision_state"; exit 0 ;;
esac
case $(systemctl show --all -p NeedDaemonReload '*.service' '*.socket' '*.timer' '*.path' '*.target' 2>/dev/null) in *=yes*) echo 'reload yes' ;; esac
${unit === undefined ? '' : `provision_print shown "$(systemctl show -p LoadState,ActiveState,UnitFileState,NeedDaemonReload,Type,RemainAfterExit,FragmentPath,MainPID -- ${asked})"`}`;
  return scriptProbe({
    script: `${printFunction}
command -v systemctl >/dev/null || exit 0
echo 'systemd yes'
${scopedSystemctl(scope)}
${scope === 'user' ? ofUser : ''}
${unit === undefined ? '' : `provision_print enablement "$(systemctl is-enabled -- ${asked} 2>/dev/null)"`}`,
    parse: (output) => readScoped(new Answer(output, 'systemd'), scope, unit !== undefined),
  });
}

function readScoped(answer: Answer, scope: UserScope, named: boolean): UnitState {
  const unreachable = answer.bytes('unreachable')?.toString();
  const enablement = answer.bytes('enablement')?.toString().trim() ?? '';
  const lines = (answer.bytes('shown')?.toString() ?? '').split('\n').filter((line) => line.includes('='));
  const shown = new Map(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  );
  // Of what all users get nothing is loaded: there is only what is enabled.
  const known = new Map([['LoadState', /^$|not-found/.test(enablement) ? 'not-found' : 'loaded']]);
  return {
    systemd: answer.get('systemd') === 'yes',
    init: 'another',
    properties: scope === 'global' && named ? known : shown,
    enablement,
    needsReload: answer.get('reload') === 'yes',
    ...(unreachable !== undefined && { unreachable }),
  };
}
