import type { Observation } from '../../../resources/resource.ts';

/** A service that is meant to run on a host, as a probe saw it. */
export interface ServiceObservation extends Observation {
  readonly kind: 'service';
  readonly service: string;
  /** `running`, or a word that says what it does instead. */
  readonly state: string;
  /** Since when it runs, ISO 8601. */
  readonly started?: string;
  /** Seconds since something last went over a connection of its. */
  readonly lastData?: number;
  /** Of the file system on which what it prints lies, in bytes. */
  readonly disk?: { readonly total: number; readonly free: number };
  /** Why it is not as it should be although it may run. */
  readonly trouble?: string;
}

/** What was seen of a service, as an observation. */
export function serviceSeen(seen: Omit<ServiceObservation, 'kind'>): ServiceObservation {
  return { kind: 'service', ...seen };
}

/** Whether an observation is one of a service. */
export function isService(seen: Observation): seen is ServiceObservation {
  return seen.kind === 'service';
}
