import { resolve } from 'node:path';
import { readWithdrawn } from '../domains/tls-logs/private-ca/issued-record.ts';
import { readPrivateCa } from '../domains/tls-logs/private-ca/private-ca.ts';
import type { TaskEvaluation } from '../language/evaluation.ts';
import type { AnyResource } from '../resources/resource.ts';

/**
 * Gives the arguments of a resource that names a private CA the CA's certificate as `authority_certificate`, and what
 * was withdrawn of its certificates as `authority_withdrawn`.
 * It is read each time it is looked at: the CA may be made between the probe and the probe after the steps.
 */
export function withAuthority(evaluation: TaskEvaluation, resource: AnyResource | undefined): TaskEvaluation {
  if (evaluation.kind !== 'ready' || resource?.kind !== 'host' || resource.authority === undefined)
    return evaluation;
  const { authority } = resource;
  const items = evaluation.items.map((item) => {
    if (item.args === null || typeof item.args !== 'object') return item;
    const named: unknown = Reflect.get(item.args, authority);
    if (typeof named !== 'string') return item;
    const args = Object.defineProperties(
      { ...item.args },
      {
        authority_certificate: { enumerable: true, get: () => readPrivateCa(named) },
        authority_withdrawn: { enumerable: true, get: () => readWithdrawn(resolve(named)) },
      },
    );
    return { ...item, args };
  });
  return { ...evaluation, items };
}
