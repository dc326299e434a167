import type { BundledFile } from './bundle.ts';

/** What a worker must know to do its part of a run; it is stored sealed. */
export interface HandedRun {
  /** As it was written. */
  readonly name: string;
  /** Absolute path on the machine that handed it over. */
  readonly playbook: string;
  readonly directory: string;
  readonly inventories: readonly string[];
  /** Absolute. */
  readonly roleFolders: readonly string[];
  readonly extraVars: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly limit: string | undefined;
  readonly startAtTask: string | undefined;
  readonly vaultPasswords: readonly { readonly label: string; readonly password: string }[];
  readonly login: { readonly user?: string | undefined; readonly privateKey?: string | undefined };
  readonly verbose: boolean;
  readonly check: boolean;
  readonly survey: boolean;
  readonly diff: boolean;
  readonly forks: number;
  readonly become: { readonly enabled: boolean; readonly user: string; readonly password?: string };
  readonly connectTimeout: number;
  readonly shellTimeout: number;
  readonly files: readonly BundledFile[];
  /** All hosts in the order of the run, without those that are only looked at. */
  readonly hosts: readonly string[];
  readonly shards: readonly (readonly string[])[];
  /** Whether values of hosts go to other shards. */
  readonly readsOthers: boolean;
}

/** What one shard brings when it meets the others. */
export interface Brought {
  readonly goesOn: boolean;
  /** Hosts that took part in the play, and those of them that are left. */
  readonly acting: number;
  readonly left: number;
  readonly failed: boolean;
  readonly memories: readonly (readonly [string, import('./host-state.ts').SharedMemory])[];
}
