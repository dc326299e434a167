import { ProbeError } from '../probes/probe-error.ts';
import type { AnyHostResource, Change, Json, ProbeOptions } from '../resources/resource.ts';
import type { Step } from '../resources/step.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { hindered } from './obstacles.ts';
import type { Prediction } from './prediction.ts';
import type { Answered } from './question.ts';

/** What one item of a task means for one host: a value that check mode prints and apply executes. */
export type ItemPlan =
  | { readonly status: 'ok'; readonly have: unknown }
  | {
      readonly status: 'changed';
      readonly have: unknown;
      readonly changes: readonly Change[];
      readonly steps: readonly Step[];
    }
  /** With what a question had printed when its time was over. */
  | {
      readonly status: 'failed';
      readonly message: string;
      readonly output?: ScriptOutput;
      readonly result?: { readonly [key: string]: Json };
    }
  | { readonly status: 'unknown'; readonly dependsOn: readonly string[] };

/** How far this item's change reaches. */
export function effectOf(resource: AnyHostResource, args: unknown): 'read' | 'contained' | 'opaque' {
  return typeof resource.effect === 'function' ? resource.effect(args) : resource.effect;
}

/** Compares what is wanted with what the host answered; with a prediction (check mode), what cannot be known is unknown. */
export function planItem(
  resource: AnyHostResource,
  args: unknown,
  answered: Answered,
  options: ProbeOptions,
  prediction: Prediction | undefined,
): ItemPlan {
  const altering = prediction?.altering(resource.paths?.(args) ?? []) ?? [];
  if (altering.length > 0) return { status: 'unknown', dependsOn: altering };
  const opaque = prediction?.opaque ?? [];
  if (opaque.length > 0 && resource.follows?.(args)) return { status: 'unknown', dependsOn: opaque };
  const { asks } = resource.probe(args, options);
  const plan = judge(resource, args, answered, options);
  if (!prediction || plan.status === 'ok' || plan.status === 'unknown') return plan;
  if (plan.status === 'failed') {
    const brought = [...opaque, ...prediction.altering(resource.reliesOn?.(args) ?? [])];
    return brought.length > 0 ? { status: 'unknown', dependsOn: brought } : plan;
  }
  const premises = 'values' in answered ? answered.values.slice(asks.length) : [];
  return hindered(resource, args, { ...plan, premises }, prediction) ?? plan;
}

function judge(
  resource: AnyHostResource,
  args: unknown,
  answered: Answered,
  options: ProbeOptions,
): ItemPlan {
  if ('refused' in answered) {
    const { refused, ended } = answered;
    return { status: 'failed', message: refused, ...(ended && { output: ended }) };
  }
  let have: unknown;
  try {
    const { asks, read } = resource.probe(args, options);
    const own = resource.premises ? answered.values.slice(0, asks.length) : answered.values;
    have = read(own);
  } catch (error) {
    if (error instanceof ProbeError) return { status: 'failed', message: error.message };
    throw error;
  }
  return planFrom(resource, args, have);
}

/** Why nothing can be done: what is wrong whatever the host is like comes first, for the rest may make no sense with it. */
export function refusals(resource: AnyHostResource, args: unknown, have: unknown): readonly string[] {
  const faults = resource.faults?.(args) ?? [];
  return faults.length > 0 ? faults : (resource.refuse?.(args, have) ?? []);
}

/** What an item means for a host whose state is known. */
export function planFrom(resource: AnyHostResource, args: unknown, have: unknown): ItemPlan {
  const reasons = refusals(resource, args, have);
  if (reasons.length > 0) {
    const faulty = (resource.faults?.(args) ?? []).length > 0;
    const result = faulty ? undefined : resource.failedResult?.(args, have);
    return { status: 'failed', message: reasons.join('\n'), ...(result && { result }) };
  }
  const changes = resource.diff(args, have);
  if (changes.length === 0) return { status: 'ok', have };
  return { status: 'changed', have, changes, steps: resource.steps(args, changes, have) };
}
