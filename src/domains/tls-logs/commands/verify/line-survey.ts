import type { AnyResource, Json } from '../../../../resources/resource.ts';
import type { RunEvent, TaskResult } from '../../../../runner/events.ts';
import { routeServer } from '../../resources/log-line.ts';
import { wireOf } from '../../resources/log-wire.ts';
import type { ProvenClient, VerificationDocument } from './verify-document.ts';

/** Collects from the events of a run whose lines arrived, at which log servers. */
export class LineSurvey {
  readonly #resources: ReadonlyMap<string, AnyResource>;
  // By client, log server and what sends: a client may send to several, and so may its containers.
  readonly #clients = new Map<string, ProvenClient>();
  readonly #unreachable = new Map<string, string>();

  constructor(resources: ReadonlyMap<string, AnyResource>) {
    this.#resources = resources;
  }

  take(event: RunEvent): void {
    if (event.type === 'host-unreachable') {
      const { host, message, hint } = event;
      this.#unreachable.set(host, hint === undefined ? message : `${message} (${hint})`);
    }
    if (event.type === 'host-failed') this.#put({ ...event, arrived: false });
    if (event.type === 'task-result' && this.#resources.get(event.resource)?.kind === 'exchange')
      this.#result(event);
  }

  get found(): Pick<VerificationDocument, 'clients' | 'unreachable'> {
    const unreachable = [...this.#unreachable].map(([host, message]) => ({ host, message }));
    return { clients: [...this.#clients.values()], unreachable };
  }

  #result({ host, resource, status, message = '', result = {} }: TaskResult): void {
    if (status === 'skipped') return;
    const { milliseconds, version, cipher, fingerprint } = result;
    this.#put({
      host,
      ...text('server', routeServer(message)),
      arrived: status === 'ok' && typeof milliseconds === 'number',
      message,
      resource,
      ...(typeof milliseconds === 'number' && { milliseconds }),
      ...text('tls', version),
      ...text('cipher', cipher),
      ...text('fingerprint', fingerprint),
      ...wireOf(result),
    });
  }

  // What went wrong first is what is said.
  #put(proven: ProvenClient): void {
    const key = `${proven.host} ${proven.server ?? ''} ${proven.resource ?? ''}`;
    if (this.#clients.get(key)?.arrived === false || this.#unreachable.has(proven.host)) return;
    // A host that failed has said why already, with the log server's name.
    if (proven.server === undefined && this.#saysWhy(proven.host)) return;
    this.#clients.set(key, proven);
  }

  #saysWhy(host: string): boolean {
    return [...this.#clients.values()].some((one) => one.host === host && !one.arrived);
  }
}

function text<Name extends string>(
  name: Name,
  value: Json | undefined,
): { readonly [name in Name]?: string } {
  return typeof value === 'string' ? ({ [name]: value } as { readonly [name in Name]: string }) : {};
}
