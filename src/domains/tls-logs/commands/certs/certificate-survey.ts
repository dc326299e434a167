import type { AnyResource, Change } from '../../../../resources/resource.ts';
import type { RunEvent, TaskResult } from '../../../../runner/events.ts';
import { certificateLedger, type LedgerRow, type PlannedChange } from '../../ledger/certificate-ledger.ts';
import { isCertificate } from '../../ledger/certificate-observation.ts';
import { remedyOf } from '../../ledger/certificate-remedy.ts';
import type { SeenCertificate } from '../../ledger/certificate-stages.ts';
import { logStore } from '../../resources/log-store.ts';
import { seesCertificates } from './certificate-tasks.ts';
import type { LineStore, ShownCertificate, UnseenHost } from './certs-document.ts';

/** Gathers from the events of a dry run what was seen of certificates, and of which hosts it is not all. */
export class CertificateSurvey {
  readonly #resources: ReadonlyMap<string, AnyResource>;
  readonly #seen: (SeenCertificate & { readonly task: string })[] = [];
  readonly #planned: PlannedChange[] = [];
  readonly #unseen: UnseenHost[] = [];
  readonly #stores = new Map<string, LineStore>();
  /** Certificate tasks that have ended, by host and name. */
  readonly #reported = new Set<string>();

  constructor(resources: ReadonlyMap<string, AnyResource>) {
    this.#resources = resources;
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'observation':
        this.#observation(event);
        break;
      case 'task-result':
        this.#result(event);
        break;
      case 'host-unreachable':
      case 'host-failed': {
        const { host, message } = event;
        const hint = event.type === 'host-unreachable' ? event.hint : undefined;
        const reason = event.type === 'host-unreachable' ? 'unreachable' : 'failed';
        this.#unseen.push({ host, reason, message, ...(hint !== undefined && { hint }) });
        break;
      }
      default:
    }
  }

  /** Hosts of which not all was seen, in the order of events. */
  get unseen(): readonly UnseenHost[] {
    return this.#unseen;
  }

  /** Where received lines lie, in the order of events. */
  get stores(): readonly LineStore[] {
    return [...this.#stores.values()];
  }

  /** Every certificate, judged. */
  certificates(now: Date, warnDays: number | undefined): readonly ShownCertificate[] {
    const view = { now, ...(warnDays !== undefined && { warnDays }) };
    const rows = certificateLedger(this.#seen, this.#planned, view);
    const authorities = rows.filter(({ host }) => host === undefined);
    return rows.map((row) => shown(row, authorities));
  }

  #store({ host, result: { path, encryption } = {} }: TaskResult): void {
    if (typeof path !== 'string' || typeof encryption !== 'string') return;
    const encrypted = encryption !== 'none';
    this.#stores.set(`${host} ${path}`, { host, directory: path, encrypted, encryption });
  }

  #observation({ host, task, delegatedTo, seen }: Extract<RunEvent, { type: 'observation' }>): void {
    if (!isCertificate(seen)) return;
    const { kind: _, here: _here, ...certificate } = seen;
    const place = delegatedTo === undefined ? seen.place : `${delegatedTo}:${seen.place}`;
    this.#seen.push({ ...certificate, place, task, ...(host !== undefined && { host }) });
  }

  #result(result: TaskResult): void {
    const { host, task, name, resource, status, changes, message, dependsOn = [] } = result;
    if (status === 'failed' && !result.ignored) {
      this.#unseen.push({
        host,
        reason: 'incomplete',
        task: name,
        message: message ?? 'no reason was given',
      });
    }
    if (resource === logStore.name) this.#store(result);
    const kind = this.#resources.get(resource);
    if (!seesCertificates(kind)) return;
    this.#reported.add(JSON.stringify([host, name]));
    const seen = this.#seen.filter((one) => one.task === task && one.host === host);
    const plan = (message: string): void => {
      for (const place of new Set(seen.map((one) => one.place))) this.#planned.push({ host, place, message });
    };
    if (status === 'changed') plan(`'${name}' would change ${changes.map(changeText).join('; ')}`);
    // A certificate task that it depends on has reported its own.
    const others = dependsOn.filter((one) => !this.#reported.has(JSON.stringify([host, one])));
    if (status !== 'unknown' || others.length === 0) return;
    const before = `is not known before it is applied: ${others.join(', ')}`;
    if (seen.some(({ stage }) => stage === 'issued')) plan(`what is issued ${before}`);
    // What serves certificates sees those that other tasks put there.
    else if (seen.length === 0 && kind.effect !== 'opaque')
      this.#unseen.push({ host, reason: 'pending', task: name, message: before });
  }
}

function changeText({ attribute, from, to }: Change): string {
  const before = from === undefined ? '' : ` from ${from}`;
  return to === undefined ? `${attribute}${before}` : `${attribute}${before} to ${to}`;
}

function shown(row: LedgerRow, authorities: readonly LedgerRow[]): ShownCertificate {
  const { host, place, certificate, stages, equal, daysLeft, dueIn, due } = row;
  const remedy = remedyOf(row, authorities);
  const { authority: _, ...details } = certificate ?? {};
  return {
    host: host ?? null,
    place,
    ...details,
    ...(daysLeft !== undefined && { daysLeft }),
    ...(dueIn !== undefined && { dueIn }),
    stages: Object.fromEntries(
      Object.entries(stages).map(([name, { fingerprints, troubles, notes }]) => [
        name,
        { fingerprints, troubles, ...(notes.length > 0 && { notes }) },
      ]),
    ),
    equal,
    due,
    ...(remedy && { remedy }),
  };
}
