import type { HostMemory } from '../language/evaluate/host-memory.ts';
import type { ManagedHost } from './managed-host.ts';

/** What binds a run to others that do the same playbook on other hosts at the same time: together they are one run. */
export interface RunPart {
  /** Hosts of this part, those among them that are only looked at. */
  readonly members: ReadonlySet<string>;
  /** Number of the last play that an earlier attempt at this part has ended; 0 for none. */
  readonly behind: number;
  /** Milliseconds for which a host is waited for that another run has: an earlier attempt, which will notice that it is over. */
  readonly patience: number;
  /** Gives the hosts what an earlier attempt knew of them. */
  restore(hosts: ReadonlyMap<string, ManagedHost>): void;
  /**
   * Waits until all parts have come so far; false when none of them goes on.
   * @param play number of the play that has ended here; 0 when all hosts are open
   * @param goesOn whether this part could go on
   */
  meet(play: number, goesOn: boolean, hosts: ReadonlyMap<string, ManagedHost>): Promise<boolean>;
  /** What the other parts have said of a host of theirs. */
  memoryOf(host: string): HostMemory | undefined;
}
