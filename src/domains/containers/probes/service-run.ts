import { Answer, printFunction } from '../../../probes/answer.ts';
import type { Ask } from '../../../probes/probe.ts';
import { script } from '../../../probes/script.ts';
import { withoutRoots } from '../../../shell/openssl.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { printTls, readTls, type TlsSeen } from '../../tls-logs/probes/tls-port.ts';
import { type LinkPort, type LogDisk, linkScript, readLinks, readLogDisk } from './container-link.ts';
import { findContainers, type ServicePlace } from './find-containers.ts';

/** A service whose containers are looked at, and the port that one of them serves. */
export interface ServiceRun extends ServicePlace {
  readonly port: number | undefined;
  /** The port of a server to which it sends. */
  readonly sendsTo: number | undefined;
}

/** The containers of a service as they run. */
export interface RunAnswer {
  /** Empty where docker answered; else why not. */
  readonly fault: string;
  readonly ids: readonly string[];
  /** Of the first one that does not run; `running` when all do. */
  readonly status: string;
  /** Seconds since 1970: of the one that has run longest; undefined when one does not run. */
  readonly started: number | undefined;
  readonly tls: TlsSeen;
  /** Seconds since something last went over each connection; undefined where none was asked for or could be seen. */
  readonly links: readonly number[] | undefined;
  /** Of the first one's log. */
  readonly disk: LogDisk | undefined;
}

type Ports = Pick<ServiceRun, 'port' | 'sendsTo'>;

function linkOf({ port, sendsTo }: Ports): LinkPort | undefined {
  if (sendsTo !== undefined) return { port: sendsTo, side: 'sends' };
  return port === undefined ? undefined : { port, side: 'serves' };
}

/** sh code that sets $tls to what a port presents inside the container $provision_id, whatever is published. */
export function presentedInside(port: number): string {
  return `tls=; provision_pid=$(docker inspect -f '{{.State.Pid}}' "$provision_id" 2>/dev/null) && [ "\${provision_pid:-0}" != 0 ] &&
  tls=$(${withoutRoots} nsenter -t "$provision_pid" -n timeout 5 openssl s_client -connect 127.0.0.1:${port} -noservername 2>&1 </dev/null)`;
}

/** Asks whether the containers of a service run, since when, and what a port of theirs presents. */
export function serviceRun(run: ServiceRun): Ask<ScriptOutput> {
  return script(`${printFunction}
command -v docker >/dev/null || { provision_print fault docker; exit 0; }
${findContainers(run)} || { provision_print fault "$provision_ids"; exit 0; }
set -- $provision_ids
[ $# -gt 0 ] || exit 0
provision_states=$(docker inspect -f '{{.Id}} {{.State.Status}} {{.State.StartedAt}} {{.State.Pid}} {{.LogPath}}' "$@")
provision_print states "$provision_states"
read -r provision_id provision_of provision_of provision_pid provision_log <<provision_end
$provision_states
provision_end
${linkScript(linkOf(run))}
${run.port === undefined ? '' : `provision_id=$1\n${presentedInside(run.port)}\n${printTls}`}
true`);
}

/** Reads the answer to `serviceRun`. */
export function readRun(
  output: ScriptOutput,
  { service, ...ports }: Ports & { readonly service: string },
): RunAnswer {
  const answer = new Answer(output, `the containers of ${service}`);
  const text = (key: string) => answer.bytes(key)?.toString('utf8') ?? '';
  const states = text('states')
    .split('\n')
    .map((line) => line.trim().split(' '))
    .filter(([id]) => id !== '');
  const times = states.map(([, , started = '']) => Date.parse(started) / 1000);
  const status = states.find(([, one]) => one !== 'running')?.[1] ?? 'running';
  const known = status === 'running' && times.length > 0 && times.every(Number.isFinite);
  return {
    fault: text('fault'),
    ids: states.map(([id = '']) => id),
    status,
    started: known ? Math.min(...times) : undefined,
    tls: readTls(output.stdout),
    links: readLinks(text('links'), linkOf(ports)?.side ?? 'serves'),
    disk: readLogDisk(text('disk')),
  };
}
