import { type Static, Type } from 'typebox';
import type { Change } from '../../../../resources/resource.ts';
import type { Step } from '../../../../resources/step.ts';

/** Arguments of every resource that restarts a service while the hosts that send to it are held. */
export const heldArguments = {
  hosts: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'inventory names of the hosts to hold meanwhile, so that nothing that they send is lost',
    }),
  ),
  hold: Type.Optional(
    Type.String({
      description:
        'sh code that holds one of these hosts; it first sees to it that the hold ends by itself some time',
    }),
  ),
  release: Type.Optional(
    Type.String({ description: 'sh code that ends the hold; it runs whatever became of the restart' }),
  ),
  hold_timeout: Type.Integer({
    minimum: 1,
    maximum: 3600,
    default: 30,
    description: 'seconds after which a host is not waited for that does not come to hold, or to be released',
  }),
};

const schema = Type.Object(heldArguments);
type HeldArguments = Static<typeof schema>;

/** Why the hosts cannot be held. */
export function heldFaults({ hosts = [], hold, release }: HeldArguments): readonly string[] {
  if (hosts.length === 0) return [];
  const missing = [...(hold?.trim() ? [] : ['hold']), ...(release?.trim() ? [] : ['release'])];
  return missing.map((name) => `hosts are to be held (${hosts.join(', ')}), but ${name} has no sh code`);
}

/** What a plan shows of the hold. */
export function heldChanges({ hosts = [] }: HeldArguments): readonly Change[] {
  return hosts.length === 0 ? [] : [{ attribute: 'held meanwhile', to: hosts.join(', ') }];
}

/** The step that runs the script, while the hosts are held if there are any. */
export function heldStep(
  { hosts = [], hold = '', release = '', hold_timeout: patience }: HeldArguments,
  script: string,
): Step {
  if (hosts.length === 0) return { kind: 'script', script };
  return { kind: 'held', hosts, hold, script, release, patience };
}
