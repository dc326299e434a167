import { randomBytes } from 'node:crypto';
import { effectOf } from '../planner/item-plan.ts';
import { type Question, questionOf } from '../planner/question.ts';
import { withEnvironment } from '../probes/script.ts';
import type { ProbeOptions } from '../resources/resource.ts';
import type { Step } from '../resources/step.ts';
import { joinedScripts, ownershipOf, stepScript } from '../resources/step-script.ts';
import { putFilesScript, type WrittenFile } from '../shell/put-files.ts';
import type { HostSection } from './host-section.ts';
import { isLarge } from './large-file.ts';
import type { PlannedTurn } from './turn.ts';

/** One item of a queued task that changes something. */
export interface QueuedItem {
  readonly run: PlannedTurn;
  /** `n` counts the task runs of the queue. */
  readonly n: number;
  readonly item: number;
  readonly steps: readonly Step[];
  /** A failure ends all that is behind it. */
  readonly stopOnFailure: boolean;
  /** Items before it that are made by the same steps: the same file, edited further. */
  readonly covers: readonly number[];
}

function stepOf({ instance, name }: PlannedTurn): HostSection['step'] {
  return { task: instance.task.id, name };
}

/** Names an item of a queue. */
export function itemKey(n: number, item: number): string {
  return `${n}.${item}`;
}

/** The items of queued task runs that change something, in order. */
export function queuedItems(runs: readonly PlannedTurn[]): readonly QueuedItem[] {
  return runs.flatMap((run, n) =>
    withoutOverwritten(
      run.plans.flatMap((plan, item): QueuedItem[] => {
        if (plan?.status !== 'changed') return [];
        // All items of a loop are tried; nothing else stands behind them in a queue.
        const stopOnFailure = run.ready.items.length === 1 && run.instance.task.failedWhen === undefined;
        return [{ run, n, item, steps: plan.steps, stopOnFailure, covers: [] }];
      }),
    ),
  );
}

// What an item writes and the next one of the same loop writes over need not be written: what comes before it still counts.
function withoutOverwritten(items: readonly QueuedItem[]): readonly QueuedItem[] {
  const kept: QueuedItem[] = [];
  for (const item of items) {
    const last = kept.at(-1);
    const file = item.steps.at(-1);
    const over = last?.steps.at(-1);
    if (last && file?.kind === 'file' && over?.kind === 'file' && over.path === file.path) {
      const steps = [...last.steps.slice(0, -1), file];
      kept[kept.length - 1] = { ...item, steps, covers: [...last.covers, last.item] };
    } else kept.push(item);
  }
  return kept;
}

/** Consecutive scripts of an item as one section: the first that fails ends it. */
export function scriptSection(
  { run, n, item, stopOnFailure }: QueuedItem,
  scripts: readonly string[],
): HostSection {
  const { become, environment, timeout } = run.ready;
  const text = joinedScripts(scripts);
  const script = withEnvironment(text, environment);
  const foreign = effectOf(run.resource, run.ready.items[item]?.args) === 'opaque';
  const step = stepOf(run);
  return {
    id: `s.${itemKey(n, item)}`,
    script,
    stopOnFailure,
    become,
    label: run.name,
    step,
    foreign,
    timeout,
  };
}

/** The file that an item writes, when that is all it does and nothing must be seen of it before it is in place. */
function writtenFile({ steps: [step, ...more] }: QueuedItem): WrittenFile | undefined {
  if (step?.kind !== 'file' || more.length > 0 || step.validate !== undefined || isLarge(step))
    return undefined;
  const { path, content } = step;
  const { owner, group, mode = '0644' } = ownershipOf(step);
  return /^[0-7]+$/.test(mode) ? { path, content, owner, group, mode } : undefined;
}

/** Items that are made one after another, or several files that are written together. */
export function batches(items: readonly QueuedItem[]): readonly (readonly QueuedItem[])[] {
  const found: QueuedItem[][] = [];
  let paths = new Set<string>();
  for (const item of items) {
    const file = writtenFile(item);
    const last = found.at(-1);
    const joins =
      file &&
      paths.size > 0 &&
      !paths.has(file.path) &&
      last?.[0]?.run.ready.become === item.run.ready.become;
    if (!joins) paths = new Set();
    if (file) paths.add(file.path);
    if (joins) last?.push(item);
    else found.push([item]);
  }
  return found;
}

/** Files that are written together as one section; it changes nothing at all when one of them cannot be staged. */
export function filesSection(items: readonly QueuedItem[], n: number): HostSection {
  const files = items.flatMap((item) => writtenFile(item) ?? []);
  const script = putFilesScript(files, randomBytes(8).toString('hex'));
  const label = `${files.length} files, from ${items[0]?.run.name}`;
  // If it is ended each file is written by itself, within its own time.
  const limits = items.flatMap(({ run }) => run.ready.timeout ?? []);
  const timeout = limits.length > 0 ? Math.min(...limits) : undefined;
  const first = items[0]?.run;
  const step = first && stepOf(first);
  return { id: `b.${n}`, script, stopOnFailure: true, become: first?.ready.become, label, step, timeout };
}

/** One of such files by itself. */
export function fileSection(queued: QueuedItem): HostSection {
  return scriptSection(
    queued,
    queued.steps.flatMap((step) => (step.kind === 'file' ? [stepScript(step)] : [])),
  );
}

/** What must be found without any difference after the steps. */
export function againQuestions(
  runs: readonly PlannedTurn[],
  options: ProbeOptions,
): ReadonlyMap<string, Question> {
  const questions = new Map<string, Question>();
  for (const { run, n, item } of queuedItems(runs)) {
    const { instance, ready, resource } = run;
    const args = ready.items[item]?.args;
    if (resource.begins || resource.repeats?.(args)) continue;
    questions.set(itemKey(n, item), questionOf(instance, ready, resource, options, args, item));
  }
  return questions;
}
