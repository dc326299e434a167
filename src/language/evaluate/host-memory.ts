import type { Source } from '../model.ts';
import type { Reads } from './reads.ts';

/** What a name means for a host at this moment, beyond what the files say. */
export type HostValue =
  | {
      readonly kind: 'value';
      readonly value: unknown;
      /** What a set_fact computed it from. */
      readonly from?: Reads;
    }
  /** Of a file of variables: what stands there is evaluated when it is used. */
  | { readonly kind: 'source'; readonly source: Source }
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

/** What a file of variables gives a name. */
export function lateValue(variables: Source, name: string): HostValue {
  const value: unknown = Object(variables.value)[name];
  return { kind: 'source', source: { value, at: (...path) => variables.at(name, ...path) } };
}
