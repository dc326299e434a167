import { Answer } from '../../probes/answer.ts';
import type { Probe } from '../../probes/probe.ts';
import { scriptProbe } from '../../probes/script.ts';
import { quote } from '../../shell/quote.ts';

/** What systemd says of a unit. */
export interface UnitState {
  /** False on a host that systemd does not run. */
  readonly systemd: boolean;
  /** What runs as process 1, for errors. */
  readonly init: string;
  /** Properties as `systemctl show` names them; empty without a unit. */
  readonly properties: ReadonlyMap<string, string>;
  /** The answer of `systemctl is-enabled`, which also knows init scripts. */
  readonly enablement: string;
  /** Something on disk is newer than what systemd has read. */
  readonly needsReload: boolean;
}

const asked = [
  'LoadState',
  'ActiveState',
  'UnitFileState',
  'NeedDaemonReload',
  'Type',
  'RemainAfterExit',
  'FragmentPath',
  'MainPID',
];

/** The unit that a service name means. */
export function unitName(name: string): string {
  return /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/.test(name)
    ? name
    : `${name}.service`;
}

/** Asks systemd about a unit, or only whether it must read its files again. */
export function probeUnit(name: string | undefined, reload: boolean): Probe<UnitState> {
  const lines = [
    'read -r provision_init </proc/1/comm || provision_init=unknown',
    'echo "init $provision_init"',
    'if [ ! -d /run/systemd/system ]; then exit 0; fi',
    'echo "systemd yes"',
  ];
  if (name !== undefined) {
    const unit = quote(unitName(name));
    lines.push(`systemctl show -p ${asked.join(',')} -- ${unit} | sed 's/=/ /; s/^/unit./' || exit 1`);
    lines.push(`echo "enablement $(systemctl is-enabled -- ${unit} 2>/dev/null)"`);
  }
  if (reload) {
    lines.push(
      "case $(systemctl show -p NeedDaemonReload '*' 2>/dev/null) in *=yes*) echo 'reload yes' ;; esac",
      'for provision_path in /etc/fstab /etc/init.d; do',
      '  if [ -d /run/systemd/generator ] && [ "$provision_path" -nt /run/systemd/generator ]; then echo "reload yes"; fi',
      'done',
      ':',
    );
  }
  return scriptProbe({
    script: lines.join('\n'),
    parse(output) {
      const answer = new Answer(output, name === undefined ? 'systemd' : `the unit ${unitName(name)}`);
      const properties = new Map<string, string>();
      if (name !== undefined && answer.get('systemd')) {
        for (const property of asked) properties.set(property, answer.get(`unit.${property}`) ?? '');
      }
      return {
        systemd: answer.get('systemd') === 'yes',
        init: answer.get('init') ?? 'unknown',
        properties,
        enablement: answer.get('enablement') ?? '',
        needsReload: answer.get('reload') === 'yes' || properties.get('NeedDaemonReload') === 'yes',
      };
    },
  });
}

/** Whether the unit runs, or is about to. */
export function isStarted({ properties }: UnitState): boolean {
  return ['active', 'activating', 'reloading'].includes(properties.get('ActiveState') ?? '');
}

/** Whether the unit only ever runs for a moment: systemd then forgets that it has run. */
export function isOneOff({ properties }: UnitState): boolean {
  return properties.get('Type') === 'oneshot' && properties.get('RemainAfterExit') !== 'yes';
}

/** Whether the unit starts at boot; undefined for one that cannot be enabled or disabled itself. */
export function isEnabled({ properties, enablement }: UnitState): boolean | undefined {
  const state = enablement || properties.get('UnitFileState') || '';
  if (['static', 'indirect', 'transient'].includes(state)) return undefined;
  if (['enabled', 'enabled-runtime', 'alias', 'linked', 'linked-runtime', 'generated'].includes(state)) {
    return state !== 'linked' && state !== 'linked-runtime';
  }
  return false;
}

/** Whether the unit is linked to /dev/null. */
export function isMasked({ properties, enablement }: UnitState): boolean {
  return (
    properties.get('LoadState') === 'masked' ||
    /^masked/.test(enablement || properties.get('UnitFileState') || '')
  );
}
