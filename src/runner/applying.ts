import { type Advanced, advance, alteredPaths } from './advance.ts';
import type { HostAsks, HostPlace } from './host-ports.ts';
import { itemResults } from './item-results.ts';
import type { ItemResult } from './outcome.ts';
import { rememberingSections } from './remembering.ts';
import { stepsPrelude } from './rollback.ts';
import type { PlannedTurn, Turn } from './turn.ts';
import { untilMet } from './until.ts';

/**
 * How the items of a task ended whose steps have run as the n-th of `advanced`, or are run now,
 * again and again while `until` asks for it.
 */
export async function appliedResults(
  stage: HostPlace & HostAsks,
  run: PlannedTurn,
  advanced?: Advanced,
  n = 0,
): Promise<readonly ItemResult[]> {
  const { instance, ready } = run;
  const { context, host } = stage;
  const { options } = context;
  const now = async (part: PlannedTurn) => {
    const before = rememberingSections(stage, [part]);
    // A host that the task is delegated to is no part of this play's rollback.
    const delegated = ready.delegateTo !== undefined;
    if (delegated && before.length > 0) await stage.session.run(before, { prelude: stepsPrelude(undefined) });
    const style = { prelude: stepsPrelude(delegated ? undefined : host.layers.current) };
    const acting = delegated
      ? { name: ready.delegateTo, session: await context.sessionOf(ready.delegateTo) }
      : { name: host.name, session: stage.session };
    if (!delegated) {
      host.touchedAs.add(ready.become);
      host.layers.use();
    }
    const altered = actingHost(stage, run);
    if (altered) altered.changed = true;
    const results = itemResults(
      part,
      await advance(context, acting, { before: delegated ? [] : before, runs: [part] }, style),
      0,
      options,
    );
    altered?.answers.forget(alteredPaths([part]));
    return results;
  };
  const first = advanced ? itemResults(run, advanced, n, options) : await now(run);
  if (!instance.task.until) return first;
  return await untilMet(stage, run, first, (unmet) => now(withItems(run, (item) => unmet.has(item))));
}

/** The host on which a task's steps run, if it is one of this run. */
export function actingHost({ context, host }: HostPlace, { ready }: Turn) {
  return ready.delegateTo === undefined ? host : context.hosts.get(ready.delegateTo);
}

/** The same task with some of its items alone. */
export function withItems(run: PlannedTurn, wanted: (item: number) => boolean): PlannedTurn {
  return { ...run, plans: run.plans.map((plan, item) => (wanted(item) ? plan : undefined)) };
}
