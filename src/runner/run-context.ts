import type { StepExecutor } from '../resources/domain.ts';
import type { AnyResource, ProbeOptions } from '../resources/resource.ts';
import type { Doing } from './doing.ts';
import type { RunEvent } from './events.ts';
import type { ForkLimit } from './fork-limit.ts';
import type { GrowingPlaybook } from './growing-playbook.ts';
import type { LockHolder } from './host-lock.ts';
import type { HostSession } from './host-session.ts';
import type { ManagedHost } from './managed-host.ts';
import type { Pace } from './pace.ts';
import type { RunRequest } from './request.ts';
import type { RunMemories } from './seen-memories.ts';
import type { TaskReporting } from './task-reporting.ts';
import type { TimeKeeping } from './time-keeping.ts';

/** What all hosts of a run share. */
export interface RunContext {
  readonly request: RunRequest;
  /** This run, as the lock of each host names it. */
  readonly holder: LockHolder;
  readonly resources: ReadonlyMap<string, AnyResource>;
  readonly options: ProbeOptions;
  /** Those that join while the run goes on come behind the others. */
  readonly hosts: Map<string, ManagedHost>;
  readonly growing: GrowingPlaybook;
  /** What hosts know of each other. */
  readonly memories: RunMemories;
  readonly reporting: TaskReporting;
  /** Waited for before each piece of work. */
  readonly pace: Pace;
  /** One held change at a time: the end of one would release hosts that another still needs held. */
  readonly holds: ForkLimit;
  /** Makes the steps of domains, by their kind. */
  readonly executors: ReadonlyMap<string, StepExecutor>;
  /** Only with `--timings`. */
  readonly times?: TimeKeeping;
  emit(event: RunEvent): void;
  /** Lets whoever watches know what a host is at. */
  watch(host: string, doing: Doing): void;
  /** The session of the host that a task is delegated to, connected at its first use; throws UnreachableError. */
  sessionOf(host: string): Promise<HostSession>;
}
