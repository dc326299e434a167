import type { Change } from '../resources/resource.ts';
import type { HostRecap, Status } from '../runner/events.ts';

/** Version of the JSON document of a run; raised when a field changes its meaning or goes away. */
export const recordFormat = 1;

/** What a list of runs shows of one. */
export interface RunSummary {
  readonly id: number;
  /** The command that ran: `apply`, `plan`, `certs`, ... */
  readonly command: string;
  /** Absolute path; of a command without a playbook what messages call it. */
  readonly playbook: string;
  /** Nothing was to be changed. */
  readonly check: boolean;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  /** Milliseconds; missing for a run that goes on or was cut off. */
  readonly duration?: number;
  readonly exitCode?: number;
  readonly state: 'ended' | 'running' | 'cut off';
  readonly hosts: number;
  readonly changed: number;
  readonly failed: number;
  readonly unreachable: number;
}

/** One host of a run. */
export interface HostRecord {
  readonly host: string;
  /** Milliseconds until it could be spoken to. */
  readonly connected?: number;
  /** Missing for a run that did not end. */
  readonly recap?: HostRecap;
}

/** How one item of a task ended on one host. */
export interface ResultRecord {
  readonly host: string;
  readonly play: number;
  readonly task: string;
  readonly name: string;
  readonly resource: string;
  readonly handler: boolean;
  readonly item?: string;
  readonly status: Status;
  readonly ignored: boolean;
  /** Milliseconds from the start of the run. */
  readonly began: number;
  readonly duration: number;
  readonly message?: string;
  readonly output?: { readonly code: number; readonly stdout: string; readonly stderr: string };
  readonly changes: readonly Change[];
}

/** What stands beside the tasks: warnings, what ended a host, what was put back. */
export interface RemarkRecord {
  readonly kind: 'warning' | 'host-unreachable' | 'host-failed' | 'rolled-back' | 'interrupted';
  readonly host?: string;
  readonly message: string;
  readonly hint?: string;
}

/** Where time went, of a run with `--timings`. */
export interface TimingRecord {
  readonly host?: string;
  readonly spent: string;
  readonly began: number;
  readonly duration: number;
}

/** Something that a domain found worth keeping of what a run saw. */
export interface Noted {
  /** What kind of thing it is, as a heading has it: `certificates`. */
  readonly kind: string;
  readonly host?: string;
  /** Another host, to which `host` sent something. */
  readonly to?: string;
  readonly subject: string;
  readonly detail?: string;
  /** When it ends, ISO 8601. */
  readonly ends?: string;
  /** How long it took. */
  readonly milliseconds?: number;
}

/** All that is kept of a run. */
export interface RunRecord extends RunSummary {
  readonly plays: readonly { readonly play: number; readonly name: string }[];
  readonly hostRecords: readonly HostRecord[];
  readonly results: readonly ResultRecord[];
  readonly remarks: readonly RemarkRecord[];
  readonly timings: readonly TimingRecord[];
  readonly noted: readonly Noted[];
}
