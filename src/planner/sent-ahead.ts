import { script } from '../probes/script.ts';
import type { ExchangeResource } from '../resources/resource.ts';
import type { TaskInstance } from './instance.ts';
import type { Question, Ready } from './question.ts';

/**
 * What a host sends in an exchange, as a question that travels with the first ones: the line is on its way while everything else is
 * looked at. Its answer depends on all there is: any change on the host makes it worthless.
 */
export function sentAhead(
  { key }: TaskInstance,
  { items: [item], become, delegateTo }: Ready,
  // biome-ignore lint/suspicious/noExplicitAny: the arguments are the resource's own affair.
  resource: ExchangeResource<any>,
  token: string,
): Question | undefined {
  if (!item || item.skippedBy !== undefined || delegateTo !== undefined) return undefined;
  const asks = [script(resource.sendScript(item.args, token, true))];
  return { key: `${key}#ahead`, item: 0, become, asks, paths: ['/'] };
}
