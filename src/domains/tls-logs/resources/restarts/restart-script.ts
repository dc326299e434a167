import { stayingScript } from '../../../../resources/units/unit-change.ts';
import { unitName } from '../../../../resources/units/unit-state.ts';
import { quote } from '../../../../shell/quote.ts';
import { importantLines } from './journal.ts';
import { portScript, portTrouble, type ServedPort } from './served-port.ts';

/** A restart and what is waited for. */
export interface Restart {
  readonly service: string;
  /** Before it: until the connections to these ports have ended. */
  readonly drain?: { readonly ports: readonly number[]; readonly seconds: number } | undefined;
  /** After it: until the port serves the certificate. */
  readonly serves?: ServedPort | undefined;
  /** Seconds for what comes after it. */
  readonly timeout: number;
}

// A peer that has said all it had leaves its connection in close-wait until the daemon has read it.
// Who is not held does not end it: then a moment must do, so that those who are held are not kept waiting.
// What it has to say comes last: behind the reason of a failure, which must not be cut off.
function drainScript({ ports, seconds }: NonNullable<Restart['drain']>): string {
  const filter = ports.map((port) => `sport = :${port}`).join(' or ');
  const named = `port${ports.length === 1 ? '' : 's'} ${ports.join(', ')}`;
  return `if command -v ss >/dev/null; then
  n=0 tries=${seconds * 20}
  [ "\${provision_unheld:-1}" = 0 ] || [ "$tries" -le 20 ] || tries=20
  while peers=$(ss -Htn state established state close-wait ${quote(ports.length === 1 ? filter : `( ${filter} )`)} | sed 's/^.* \\([^ ]*\\) *$/\\1/') &&
    [ -n "$peers" ] && [ "$n" -lt "$tries" ]; do sleep 0.05; n=$((n + 1)); done
  [ -z "$peers" ] || provision_drained="still connected to ${named} after $((tries / 20)) s: $(printf '%s\\n' "$peers" | sort -u | paste -sd ' ')"
else provision_drained='ss is missing on this host: it is not known whether connections to ${named} have ended'; fi`;
}

const sayDrained = `[ -z "$provision_drained" ] || printf '%s\\n' "$provision_drained"`;

/** sh code that restarts a service, waits as wanted, and fails with the state of its unit and the important lines of its journal. */
export function restartScript({ service, drain, serves, timeout }: Restart): string {
  const unit = quote(unitName(service));
  const lines = [
    'provision_give_up() {',
    `  printf '%s: %s\\n' ${unit} "$(systemctl show -p ActiveState,SubState,Result -- ${unit} | paste -sd ' ')"`,
    `  ${importantLines(service, timeout + 15)}`,
    `  ${sayDrained}`,
    '  exit 1',
    '}',
    'provision_drained=',
    ...(drain ? [drainScript(drain)] : []),
    `systemctl restart -- ${unit} || provision_give_up >&2`,
    stayingScript(service, 'provision_give_up >&2'),
  ];
  if (serves) {
    lines.push(portScript(serves, timeout), `trouble=$(${portTrouble(serves)})`);
    lines.push('if [ -n "$trouble" ]; then printf \'%s\\n\' "$trouble" >&2; provision_give_up >&2; fi');
  }
  return [...lines, `{ ${sayDrained}; } >&2`].join('\n');
}
