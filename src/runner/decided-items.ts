import { type HostValue, lateValue } from '../language/evaluate/host-memory.ts';
import type { TaskInstance } from '../planner/instance.ts';
import type { Ready } from '../planner/question.ts';
import type { AnyResource } from '../resources/resource.ts';
import type { HostPlace } from './host-ports.ts';
import { controlOutcome, type ItemResult, skippedOutcome } from './outcome.ts';
import { settledOutcome } from './settled-outcome.ts';

interface ReadyInstance {
  readonly instance: TaskInstance;
  readonly ready: Ready;
}

/** How the items of a task end that the control node decides; what one of them sets is there for the next. */
export function decidedItems(
  { host, evaluator, context }: HostPlace,
  { instance, ready }: ReadyInstance,
  resource: Extract<AnyResource, { kind: 'control' }>,
): readonly ItemResult[] {
  const { task, play, added } = instance;
  const all = ready.items.map(({ item }) => item);
  const other = task.delegateFacts && ready.delegateTo !== host.name ? ready.delegateTo : undefined;
  let gave = false;
  return ready.items.map((first, index): ItemResult => {
    const now = gave ? evaluator.item(task, { host: host.name, play, added }, all, index) : first;
    if ('stopped' in now) return { ...first, outcome: settledOutcome(now.stopped) };
    const { args, item, label, skippedBy } = now;
    if (skippedBy !== undefined) return { item, label, outcome: skippedOutcome(skippedBy) };
    const wanted = resource.evaluate(args);
    const there = wanted.joins && !context.growing.join(host.name, wanted.joins, task.at);
    const decided = there ? { ...wanted, status: 'ok' as const } : wanted;
    for (const [name, value] of Object.entries(decided.facts ?? {})) {
      const given: HostValue = task.lateValues
        ? lateValue(task.args, name)
        : { kind: 'value', value, ...(ready.reads && { from: ready.reads }) };
      if (other) context.memories.of(other).values.set(name, given);
      else host.put(name, given);
      gave = other === undefined;
    }
    return { item, label, outcome: controlOutcome(decided) };
  });
}
