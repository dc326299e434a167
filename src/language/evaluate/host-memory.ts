import type { Reads } from './reads.ts';

/** What a name means for a host at this moment, beyond what the files say. */
export type HostValue =
  | {
      readonly kind: 'value';
      readonly value: unknown;
      /** What a set_fact computed it from. */
      readonly from?: Reads;
    }
  /** A task that has not run yet will set it. */
  | { readonly kind: 'pending'; readonly task: string }
  /** Check mode: known only after the named tasks were really applied. */
  | { readonly kind: 'unknown'; readonly dependsOn: readonly string[] };

/** Facts, registered results and set_fact values of one host; the runner fills it as it goes. */
export interface HostMemory {
  readonly facts: Map<string, unknown>;
  /** register and set_fact; overrides facts and everything the files say but extra vars. */
  readonly values: Map<string, HostValue>;
}

/** What hosts know, as one of them sees it. */
export interface Memories {
  get(host: string): HostMemory | undefined;
}
