import type { Problem } from '../errors/problem.ts';
import type { Change, Json, Observation } from '../resources/resource.ts';
import type { UnreachableCode } from '../transport/connection.ts';

/** Version of the NDJSON event stream; raised when an event changes its meaning. */
export const eventFormat = 2;

/** How a task ended on a host; `unknown` only in check mode: not knowable before it is applied. */
export type Status = 'ok' | 'changed' | 'skipped' | 'failed' | 'unknown';

/** Result of one item of a task on one host. */
export interface TaskResult {
  readonly type: 'task-result';
  readonly host: string;
  readonly play: number;
  readonly task: string;
  readonly name: string;
  readonly resource: string;
  readonly item?: string;
  readonly status: Status;
  /** Failed, but `ignore_errors` or a rescue lets the host go on. */
  readonly ignored?: boolean;
  readonly changes: readonly Change[];
  /** What is worth reporting: an error, a debug message, the condition that skipped it. */
  readonly message?: string;
  /** For `unknown`: the tasks whose effect it depends on. */
  readonly dependsOn?: readonly string[];
  /** Output and code of a failed or `-v` command, `no_log` respected. */
  readonly output?: { readonly code: number; readonly stdout: string; readonly stderr: string };
  readonly result?: { readonly [key: string]: Json };
  readonly handler: boolean;
  /** Milliseconds since the host began with the task. */
  readonly duration: number;
}

/** Counts of one host for the recap. */
export interface HostRecap {
  readonly ok: number;
  readonly changed: number;
  readonly skipped: number;
  readonly failed: number;
  readonly unknown: number;
  readonly unreachable: boolean;
  readonly rescued: number;
  readonly ignored: number;
  /** Milliseconds from the first connection attempt to the last answer. */
  readonly duration: number;
  readonly connections: number;
  /** Programs run to plan and to apply. */
  readonly execs: number;
  /** Programs run to verify (exchanges). */
  readonly verifyExecs: number;
}

/** With `--timings`: where time went. Times are milliseconds, `began` counts from the start of the run. */
export interface TimeSpent {
  readonly type: 'time';
  /** Missing for what is done before hosts are spoken to. */
  readonly host?: string;
  /** `load`, `connect`, `trip` (one program on the host), `wait` (for other hosts). */
  readonly spent: 'load' | 'connect' | 'trip' | 'wait';
  readonly began: number;
  readonly duration: number;
  /** Of a trip: what its sections were and how long each took, as it was heard here. */
  readonly sections?: readonly { readonly label: string; readonly duration: number }[];
}

/** Everything that a run reports, in order; the core prints nothing itself. */
export type RunEvent =
  | {
      readonly type: 'run-start';
      readonly format: typeof eventFormat;
      readonly version: string;
      readonly playbook: string;
      readonly check: boolean;
      readonly hosts: readonly string[];
      readonly started: string;
    }
  | { readonly type: 'warning'; readonly message: string; readonly host?: string }
  | { readonly type: 'host-connected'; readonly host: string; readonly duration: number }
  | {
      readonly type: 'host-unreachable';
      readonly host: string;
      /** Kind of the obstacle: only `connect`, `timeout`, `lost` and `name` may be a host that is merely off. */
      readonly code?: UnreachableCode;
      readonly message: string;
      readonly hint?: string;
    }
  | {
      readonly type: 'play-start';
      readonly play: number;
      readonly name: string;
      readonly hosts: readonly string[];
    }
  /** The first host has come to the task. */
  | {
      readonly type: 'task-start';
      readonly play: number;
      readonly task: string;
      readonly name: string;
      /** How many hosts of the play will come to it, as far as known. */
      readonly hosts: number;
      readonly handler: boolean;
    }
  | TaskResult
  /** In check mode: what a task saw beyond what differs; without `host` it lies on the control node. */
  | {
      readonly type: 'observation';
      readonly host?: string;
      readonly task: string;
      /** The host that was looked at instead of `host`. */
      readonly delegatedTo?: string;
      readonly seen: Observation;
    }
  | {
      readonly type: 'host-failed';
      readonly host: string;
      readonly message: string;
      readonly problem?: Problem;
    }
  | {
      readonly type: 'rolled-back';
      readonly host: string;
      readonly files: readonly string[];
      readonly message: string;
    }
  | TimeSpent
  /** The run was stopped, by a person or because its time was over; with the hosts that are not done, and the task that each had come to. */
  | {
      readonly type: 'interrupted';
      readonly reason?: 'timeout';
      readonly hosts: readonly { readonly host: string; readonly task?: string }[];
    }
  | {
      readonly type: 'recap';
      readonly hosts: { readonly [host: string]: HostRecap };
      readonly duration: number;
      readonly exitCode: number;
    };

/** Where events go. */
export type Report = (event: RunEvent) => void;
