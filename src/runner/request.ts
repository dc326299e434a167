import type { Playbook } from '../language/model.ts';
import type { Domain } from '../resources/domain.ts';
import type { AnyResource } from '../resources/resource.ts';
import type { ConnectOptions } from '../transport/connection.ts';
import type { Watch } from './doing.ts';
import type { Report } from './events.ts';
import type { RunPart } from './run-part.ts';

/** Everything a run needs, decided by the command line. */
export interface RunRequest {
  readonly playbook: Playbook;
  /** Plan only: nothing on any host is changed. */
  readonly check: boolean;
  /** Of a dry run: a task that would fail does not end its host; what comes behind it is looked at too. */
  readonly survey?: boolean;
  /** Fetch old contents where they differ, for diffs. */
  readonly diff: boolean;
  /** Hosts worked on at once. */
  readonly forks: number;
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  /** From `-b`, `--become-user`, `-K`; a play's or task's own words win. */
  readonly become: { readonly enabled: boolean; readonly user: string; readonly password?: string };
  readonly connect: ConnectOptions;
  /** Every resource by its name and aliases, those of the domains among them. */
  readonly resources: ReadonlyMap<string, AnyResource>;
  readonly domains: readonly Domain[];
  /** Emit where time goes; `since` is when the command began, as performance.now() gives it, and `loaded` when the playbook was. */
  readonly timings?: { readonly since: number; readonly loaded: number };
  /** Only of a run that is one part of a larger one. */
  readonly part?: RunPart;
  readonly report: Report;
  /** Given what each host is at; undefined where nobody looks. */
  readonly watch?: Watch | undefined;
  /** Given every value that must never be shown, as soon as it is known. */
  readonly hide: (secrets: readonly string[]) => void;
  /** Aborted once: begin nothing new, let the steps in flight finish. Its reason is `timeOver` when nobody asked for it. */
  readonly stop: AbortSignal;
  /** Aborted at the second Ctrl-C: cut everything off. */
  readonly kill: AbortSignal;
}

/** Why a run was stopped whose time (`--timeout`) was over. */
export const timeOver = 'timeout';

/** How a run ended. */
export interface RunOutcome {
  /** 0 ok, 1 no host was addressed, 2 a host failed, 4 a host was unreachable, 124 its time was over, 130 interrupted. */
  readonly exitCode: 0 | 1 | 2 | 4 | 124 | 130;
  /** Something was changed, or would be. */
  readonly changed: boolean;
}
