import type { HostMemory, HostValue } from '../language/evaluate/host-memory.ts';
import { Reads } from '../language/evaluate/reads.ts';
import type { HostRecap, Status } from '../runner/events.ts';
import type { ManagedHost } from '../runner/managed-host.ts';

/** A variable of a host as it is stored: what a set_fact read is kept as texts, for they must stay hidden. */
type StoredValue =
  | {
      readonly kind: 'value';
      readonly value: unknown;
      readonly from?: readonly (readonly [string, string])[];
    }
  | Exclude<HostValue, { kind: 'value' }>;

/** What is kept of a host when a play has ended: enough to go on with the next one elsewhere. */
export interface StoredHost {
  readonly values: readonly (readonly [string, StoredValue])[];
  readonly ended: 'failed' | 'unreachable' | undefined;
  readonly done: boolean;
  readonly recap: HostRecap;
}

/** What other parts of a run learn of a host. */
export interface SharedMemory {
  readonly facts: readonly (readonly [string, unknown])[];
  readonly values: readonly (readonly [string, StoredValue])[];
}

const counted = [
  'ok',
  'changed',
  'skipped',
  'failed',
  'unknown',
  'rescued',
  'ignored',
] as const satisfies readonly (Status | 'rescued' | 'ignored')[];

/** What is to be stored of a host. */
export function storedHost(host: ManagedHost): StoredHost {
  const { ended, done, recap } = host;
  return { values: storedValues(host.memory.values, () => true), ended, done, recap };
}

/** Gives a host what was stored of it. */
export function restoreHost(host: ManagedHost, { values, ended, done, recap }: StoredHost): void {
  for (const [name, value] of liveValues(values)) host.memory.values.set(name, value);
  host.ended = ended;
  host.done = done;
  for (const name of counted) host.count(name, recap[name]);
}

/** What others may read of a host: only names that something in the playbook mentions. */
export function sharedMemory({ facts, values }: HostMemory, mentioned: ReadonlySet<string>): SharedMemory {
  return {
    facts: [...facts].filter(([name]) => mentioned.has(name) || mentioned.has(`ansible_${name}`)),
    values: storedValues(values, (name) => mentioned.has(name)),
  };
}

/** A memory as it was shared. */
export function memoryFrom({ facts, values }: SharedMemory): HostMemory {
  return { facts: new Map(facts), values: new Map(liveValues(values)) };
}

function storedValues(
  values: ReadonlyMap<string, HostValue>,
  wanted: (name: string) => boolean,
): readonly (readonly [string, StoredValue])[] {
  return [...values]
    .filter(([name]) => wanted(name))
    .map(([name, value]) => {
      if (value.kind !== 'value') return [name, value];
      const from = value.from?.texts().map((read) => [read.name, read.text] as const);
      return [name, { kind: 'value', value: value.value, ...(from && { from }) }];
    });
}

function liveValues(values: readonly (readonly [string, StoredValue])[]): readonly [string, HostValue][] {
  return values.map(([name, value]) => {
    if (value.kind !== 'value' || !value.from) return [name, value as HostValue];
    const from = new Reads();
    for (const [read, text] of value.from) from.variable(read, text, true);
    return [name, { kind: 'value', value: value.value, from }];
  });
}
