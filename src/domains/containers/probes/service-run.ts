import { Answer, printFunction } from '../../../probes/answer.ts';
import type { Ask } from '../../../probes/probe.ts';
import { script } from '../../../probes/script.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { printTls, readTls, type TlsSeen } from '../../tls-logs/probes/tls-port.ts';
import { findContainers, type ServicePlace } from './find-containers.ts';

/** A service whose containers are looked at, and the port that one of them serves. */
export interface ServiceRun extends ServicePlace {
  readonly port: number | undefined;
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
}

/** sh code that sets $tls to what a port presents inside the container $provision_id, whatever is published. */
export function presentedInside(port: number): string {
  return `tls=; provision_pid=$(docker inspect -f '{{.State.Pid}}' "$provision_id" 2>/dev/null) && [ "\${provision_pid:-0}" != 0 ] &&
  tls=$(nsenter -t "$provision_pid" -n timeout 5 openssl s_client -connect 127.0.0.1:${port} -noservername 2>&1 </dev/null)`;
}

/** Asks whether the containers of a service run, since when, and what a port of theirs presents. */
export function serviceRun(run: ServiceRun): Ask<ScriptOutput> {
  return script(`${printFunction}
command -v docker >/dev/null || { provision_print fault docker; exit 0; }
${findContainers(run)} || { provision_print fault "$provision_ids"; exit 0; }
set -- $provision_ids
[ $# -gt 0 ] || exit 0
provision_print states "$(docker inspect -f '{{.Id}} {{.State.Status}} {{.State.StartedAt}}' "$@")"
${run.port === undefined ? '' : `provision_id=$1\n${presentedInside(run.port)}\n${printTls}`}
true`);
}

/** Reads the answer to `serviceRun`. */
export function readRun(output: ScriptOutput, service: string): RunAnswer {
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
  };
}
