import { expect, test } from 'vitest';
import { holdableHost, misnamedHosts } from '../../../src/runner/holdable-hosts.ts';
import type { HostSession } from '../../../src/runner/host-session.ts';
import { ManagedHost } from '../../../src/runner/managed-host.ts';
import type { RunContext } from '../../../src/runner/run-context.ts';

const session = {} as HostSession;

function host(more: Partial<ManagedHost>, observed = false): ManagedHost {
  return Object.assign(new ManagedHost('b', { check: false, observed }), more);
}

// The inventory has a, b and c; the plays a and b.
function context(run: ManagedHost | undefined, limited: readonly string[] = ['a', 'b', 'c']): RunContext {
  const hosts = new Map(['a', 'b', 'c'].map((name) => [name, {}]));
  const playbook = { inventory: { hosts }, plays: [{ hosts: ['a', 'b'] }], limited: new Set(limited) };
  return { request: { playbook }, hosts: new Map(run ? [['b', run]] : []) } as unknown as RunContext;
}

test.each<[string, string, RunContext, string | undefined]>([
  ['that this run has', 'b', context(host({ session, opened: true })), undefined],
  ['on which a task has failed', 'b', context(host({ session, opened: true, ended: 'failed' })), undefined],
  [
    'that another run has',
    'b',
    context(host({ session, ended: 'failed' })),
    'this run could not take it over',
  ],
  [
    'that was lost',
    'b',
    context(host({ session, opened: true, ended: 'unreachable' })),
    'it cannot be reached',
  ],
  [
    'that is looked at only',
    'b',
    context(host({ session, opened: true }, true), ['a']),
    '--limit leaves it out',
  ],
  ['that is left out', 'b', context(undefined, ['a']), '--limit leaves it out'],
  ['of no play', 'c', context(undefined), 'no play of this run concerns it'],
  ['of no play that is left out too', 'c', context(undefined, ['a']), 'no play of this run concerns it'],
])('a host %s', (_which, name, one, why) => {
  const found = holdableHost(one, name);
  expect(typeof found === 'string' ? found : undefined).toBe(why);
});

test('every wrong name is reported', () => {
  expect(misnamedHosts(context(undefined), 'a', ['x', 'b', 'a'])).toHaveLength(2);
});
