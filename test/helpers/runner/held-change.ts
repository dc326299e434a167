import { existsSync, readFileSync } from 'node:fs';
import { Type } from 'typebox';
import type { HostResource } from '../../../src/resources/resource.ts';
import type { LocalRun } from './local-run.ts';

const text = Type.String({ default: '', description: 'sh code' });
const schema = Type.Object(
  {
    hosts: Type.Array(Type.String(), { description: 'hosts to hold' }),
    hold: text,
    change: text,
    release: text,
    patience: Type.Integer({ default: 30, description: 'seconds for hold and release' }),
  },
  { additionalProperties: false },
);

interface Args {
  readonly hosts: readonly string[];
  readonly hold: string;
  readonly change: string;
  readonly release: string;
  readonly patience: number;
}

/** A resource that does nothing but make a held change: for tests of the runner. */
export const heldChange: HostResource<Args, null> = {
  kind: 'host',
  name: 'held_change',
  summary: 'A change while hosts are held',
  schema,
  effect: 'opaque',
  repeats: () => true,
  probe: () => ({ asks: [], read: () => null }),
  diff: () => [{ attribute: 'state', to: 'changed' }],
  steps: ({ hosts, hold, change, release, patience }) => [
    { kind: 'held', hosts, hold, script: change, release, patience },
  ],
};

interface Scripts {
  readonly hosts?: string;
  readonly hold?: string;
  readonly change?: string;
  readonly release?: string;
  readonly patience?: number;
}

/** A task in YAML that makes a held change and writes to DIR/log what happens when. */
export function heldTask({
  hosts = '[b, c]',
  hold = ':',
  change = ':',
  release = ':',
  patience = 30,
}: Scripts = {}): string {
  return `{ name: act, held_change: { hosts: ${hosts}, hold: "echo hold >>DIR/log; ${hold}", change: "echo change >>DIR/log; ${change}", release: "echo release >>DIR/log; ${release}", patience: ${patience} } }`;
}

/** Plays in which all hosts take part and host a makes a held change. */
export function heldPlays(scripts: Scripts = {}): string {
  return `
- hosts: all
  tasks:
    - ping:
- hosts: a
  tasks:
    - ${heldTask(scripts)}
`;
}

/** The lines of a file; none when it is not there. */
export function linesOf(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** All warnings of a run, with their hosts. */
export function warningsOf({ events }: LocalRun): readonly string[] {
  return events.flatMap((event) => (event.type === 'warning' ? `${event.host}: ${event.message}` : []));
}

/** What was reported of the held change. */
export function messageOf({ results }: LocalRun): string {
  return results.find(({ name }) => name === 'act')?.message ?? '';
}
