import { byName } from '../../../../report/host-list.ts';
import type { Json } from '../../../../resources/resource.ts';
import type { RunEvent, TaskResult } from '../../../../runner/events.ts';
import { isCertificate } from '../../ledger/certificate-observation.ts';
import { isService } from '../../ledger/service-observation.ts';
import { logHealth } from '../../resources/log-health.ts';
import type {
  ClientStatus,
  DiskStatus,
  ServerStatus,
  ServiceStatus,
  StatusDocument,
} from './status-document.ts';

/**
 * Collects from the events of a run how log clients, log servers and services are.
 * @param watching resources whose tasks say why something is not well, by failing
 */
export class StatusSurvey {
  readonly #servers = new Map<string, ServerStatus>();
  readonly #clients = new Map<string, ClientStatus>();
  readonly #services = new Map<string, ServiceStatus>();
  readonly #refused = new Map<string, { readonly host: string; readonly message: string }>();
  readonly #unfinished = new Map<string, { readonly host: string; readonly message: string }>();
  readonly #unreachable = new Map<string, string>();
  readonly #now: Date;
  readonly #watching: ReadonlySet<string>;

  constructor(now: Date, watching: ReadonlySet<string> = new Set()) {
    this.#now = now;
    this.#watching = watching;
  }

  take(event: RunEvent): void {
    if (event.type === 'host-unreachable') {
      const { host, message, hint } = event;
      this.#unreachable.set(host, hint === undefined ? message : `${message} (${hint})`);
    } else if (event.type === 'host-failed') this.#unreachable.set(event.host, event.message);
    else if (event.type === 'observation') this.#observation(event);
    else if (event.type === 'task-result' && event.resource === logHealth.name) this.#result(event);
    else if (event.type === 'task-result' && this.#watching.has(event.resource)) this.#watched(event);
  }

  get found(): Pick<
    StatusDocument,
    'servers' | 'clients' | 'services' | 'refused' | 'unfinished' | 'unreachable'
  > {
    const sorted = <T extends { readonly host: string }>(all: Iterable<T>): readonly T[] =>
      [...all].toSorted((one, other) => byName(one.host, other.host));
    return {
      servers: sorted(this.#servers.values()),
      clients: sorted(this.#clients.values()),
      services: sorted(this.#services.values()),
      refused: sorted(this.#refused.values()),
      unfinished: sorted(this.#unfinished.values()),
      unreachable: sorted([...this.#unreachable].map(([host, message]) => ({ host, message }))),
    };
  }

  // Beyond what a host trusts nothing of certificates is looked at: `provision certs` does.
  #observation({ host, seen }: Extract<RunEvent, { type: 'observation' }>): void {
    if (host === undefined) return;
    if (isService(seen)) {
      const { service, state, started, lastData, disk, trouble } = seen;
      this.#services.set(`${host} ${service}`, {
        host,
        service,
        state,
        ...(started !== undefined && { runsFor: this.#secondsSince(started) }),
        ...(lastData !== undefined && { lastData }),
        ...(disk !== undefined && { disk }),
        ...(trouble !== undefined && { trouble }),
      });
    }
    if (!isCertificate(seen) || seen.trouble === undefined) return;
    this.#unfinished.set(`${host} ${seen.trouble}`, { host, message: seen.trouble });
  }

  // Each reason is a line of its own; the same one may be found by several tasks.
  #watched({ host, status, message = '' }: TaskResult): void {
    if (status !== 'failed') return;
    for (const line of message.split('\n')) this.#refused.set(`${host} ${line}`, { host, message: line });
  }

  // Its clock may be ahead of ours.
  #secondsSince(time: string): number {
    return Math.max(0, Math.round((this.#now.getTime() - Date.parse(time)) / 1000));
  }

  #result({ host, status, result = {}, message = '' }: TaskResult): void {
    if (status === 'skipped') return;
    const { server, tls, client, log } = result;
    if (status !== 'ok' || typeof server !== 'string') {
      this.#unreachable.set(host, message);
      return;
    }
    const { age, ends: served, encryption, ...about } = mapping(log);
    const { version, cipher, verified, trouble } = mapping(tls);
    const own = mapping(client);
    const why = tlsTrouble(version, verified, trouble);
    this.#clients.set(`${host} ${server}`, {
      host,
      server,
      ...this.#common(own),
      ...(typeof age === 'number' && { lastLine: age }),
      ...(typeof version === 'string' && version !== '' && { tls: version }),
      ...(typeof cipher === 'string' && cipher !== '' && { cipher }),
      ...(why !== undefined && { tlsTrouble: why }),
      queued: typeof own.queued === 'number' ? own.queued : 0,
      ...(typeof own.waiting === 'number' && { waiting: own.waiting }),
      ...(typeof own.discarded === 'number' && { discarded: own.discarded }),
    });
    this.#servers.set(server, {
      host: server,
      ...this.#common({ ...about, ...(served !== undefined && { ends: served }) }),
      ...(typeof encryption === 'string' && { encrypted: encryption !== 'none', encryption }),
    });
  }

  #common({ daemon, ends, disk }: Mapping): Pick<ServerStatus, 'daemon' | 'ends' | 'daysLeft' | 'disk'> {
    const known = diskOf(disk);
    return {
      daemon: typeof daemon === 'string' ? daemon : 'unknown',
      ...(typeof ends === 'string' && {
        ends,
        daysLeft: Math.floor((Date.parse(ends) - this.#now.getTime()) / 86_400_000),
      }),
      ...(known && { disk: known }),
    };
  }
}

type Mapping = { readonly [key: string]: Json };

function mapping(value: Json | undefined): Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Mapping) : {};
}

function diskOf(value: Json | undefined): DiskStatus | undefined {
  const { total, free } = mapping(value);
  return typeof total === 'number' && typeof free === 'number' ? { total, free } : undefined;
}

function tlsTrouble(
  version: Json | undefined,
  verified: Json | undefined,
  trouble: Json | undefined,
): string | undefined {
  if (typeof trouble === 'string' && trouble !== '') return trouble;
  if (version === '' || version === undefined) return 'it does not speak TLS';
  if (typeof verified === 'string' && !verified.startsWith('0 '))
    return `the served certificate is not trusted: ${verified}`;
  return undefined;
}
