import { nearest } from '../../errors/did-you-mean.ts';
import type { Position, Problem } from '../../errors/problem.ts';

/** What to say of a host that a task is delegated to and the inventory lacks. */
export function unknownDelegate(
  name: string,
  at: Position | undefined,
  hosts: ReadonlyMap<string, unknown>,
): Problem & { readonly code: 'unknown-host' } {
  const meant = nearest(name, [...hosts.keys(), 'localhost']);
  return {
    code: 'unknown-host',
    message: `delegate_to names the host '${name}', which is not in the inventory`,
    ...(at && { at }),
    why: 'how it is reached, and as whom, stands in the inventory',
    hint: meant ? `did you mean '${meant}'?` : `add ${name} to the inventory: no play need name it`,
  };
}
