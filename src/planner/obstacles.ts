import { ProbeError } from '../probes/probe-error.ts';
import type { AnyHostResource, Change, Obstacle } from '../resources/resource.ts';
import type { Prediction } from './prediction.ts';

/** How a planned change ends that something stands in the way of; undefined: nothing does, as far as can be known. */
export type Hindered =
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'unknown'; readonly dependsOn: readonly string[] };

/** Judges what a plan asked beside the probe: what would fail when it is applied fails in the plan. */
export function hindered(
  resource: AnyHostResource,
  args: unknown,
  state: {
    readonly have: unknown;
    readonly changes: readonly Change[];
    readonly premises: readonly unknown[];
  },
  prediction: Prediction,
): Hindered | undefined {
  const found = obstacles(resource, args, state);
  const failed: string[] = [];
  for (const { message, lifted = [], doubted, dependsOn } of found) {
    if (prediction.altering(lifted).length > 0) continue;
    // Whatever may alter anything may take it away; where that is likely the plan stays as it is.
    if (prediction.opaque.length > 0 && doubted === undefined) continue;
    const causes = [...(dependsOn ?? []), ...prediction.altering(doubted ?? []), ...prediction.opaque];
    if (causes.length > 0) return { status: 'unknown', dependsOn: [...new Set(causes)] };
    failed.push(message);
  }
  return failed.length > 0 ? { status: 'failed', message: failed.join('\n') } : undefined;
}

function obstacles(
  resource: AnyHostResource,
  args: unknown,
  { have, changes, premises }: Parameters<typeof hindered>[2],
): readonly Obstacle[] {
  const asked = resource.premises?.(args);
  if (!asked || premises.length < asked.asks.length) return [];
  try {
    return asked.read(premises)(changes, have);
  } catch (error) {
    // What cannot be looked at stands in nobody's way.
    if (error instanceof ProbeError) return [];
    throw error;
  }
}
