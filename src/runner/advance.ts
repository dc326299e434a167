import { type Asked, askedOnce } from '../planner/asked.ts';
import { changedPaths } from '../planner/changed-paths.ts';
import { effectOf, type ItemPlan } from '../planner/item-plan.ts';
import { type Given, probeSections } from '../planner/probe-sections.ts';
import type { Answered, Question } from '../planner/question.ts';
import { transferKind } from '../probes/transfer.ts';
import type { AnyHostResource } from '../resources/resource.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import type { ActingHost, HeldTime } from './held-change.ts';
import type { HostSection } from './host-section.ts';
import type { ProgramStyle } from './host-session.ts';
import { Answers } from './known-answers.ts';
import { againQuestions, batches, itemKey, queuedItems } from './queue-program.ts';
import type { RunContext } from './run-context.ts';
import { sectionAnswers } from './section-answers.ts';
import { StepSender } from './step-sender.ts';
import { transferAnswers } from './transfer.ts';
import type { PlannedTurn } from './turn.ts';

/** What is sent in one round trip: what comes before the steps, the steps, and the probes of what comes next. */
export interface RoundTrip {
  readonly before?: readonly HostSection[];
  readonly runs?: readonly PlannedTurn[];
  readonly asked?: readonly Asked[];
}

/** What the host answered to one program of steps and probes. */
export interface Advanced {
  /** Outputs of an item's steps; empty when a failure before it kept them from running. */
  steps(n: number, item: number): readonly ScriptOutput[];
  /** Why no step was made at all; undefined when the first one was. */
  readonly barred: string | undefined;
  /** Answer to the questions after the steps. */
  again(n: number, item: number): Answered | undefined;
  /** For how long other hosts were held for an item; undefined when none was. */
  held(n: number, item: number): HeldTime | undefined;
  readonly answers: readonly { readonly asked: Asked; readonly given: Given }[];
}

/** One round trip: what comes before the steps, the steps, the same questions again, and the look-ahead. */
export async function advance(
  context: RunContext,
  acting: ActingHost,
  { before = [], runs = [], asked = [] }: RoundTrip,
  style: ProgramStyle,
): Promise<Advanced> {
  const sender = new StepSender(
    context,
    acting,
    { ...style, readOnly: style.readOnly ?? runs.length === 0 },
    before,
  );
  const items = queuedItems(runs);
  for (const batch of batches(items)) {
    const [item] = batch;
    if (batch.length > 1) sender.files(batch);
    else if (item) await sender.item(item);
    if (sender.failed) break;
  }
  const again = againQuestions(runs, context.options);
  const everything = union(askedOnce(again.values()), asked);
  const asTransfers = everything.filter(({ kind }) => kind === transferKind);
  const others = everything.filter(({ kind }) => kind !== transferKind);
  const sections = probeSections(others, items.at(-1)?.run.ready.become);
  const printed = await sender.send(sections.map((section) => ({ ...section, stopOnFailure: false })));
  const answers = [
    ...sectionAnswers(sections, printed),
    ...(sender.failed ? [] : await transferAnswers(context.request, acting.session, asTransfers)),
  ];
  const known = answersFrom(answers);
  return {
    steps: (n, item) => sender.outputs(n, item),
    barred: sender.barred,
    again: (n, item) => {
      const question = again.get(itemKey(n, item));
      return question && known.get(question);
    },
    held: (n, item) => sender.held(n, item),
    answers,
  };
}

function union(first: readonly Asked[], second: readonly Asked[]): readonly Asked[] {
  const ids = new Set(first.map(({ id }) => id));
  return [...first, ...second.filter(({ id }) => !ids.has(id))];
}

/** What a host answers to a question that is asked by itself. */
export async function askOne(
  context: RunContext,
  acting: ActingHost,
  questions: readonly Question[],
): Promise<Answers> {
  const { answers } = await advance(context, acting, { asked: askedOnce(questions) }, {});
  return answersFrom(answers);
}

function answersFrom(answers: Advanced['answers']): Answers {
  const known = new Answers();
  for (const { asked, given } of answers) known.put(asked, given);
  return known;
}

/** The paths that queued changes alter; undefined when one of them may alter anything. */
export function alteredPaths(runs: readonly PlannedTurn[]): readonly string[] | undefined {
  const paths: string[] = [];
  for (const { resource, ready, plans } of runs) {
    for (const [item, plan] of plans.entries()) {
      const altered = alteredBy(resource, ready.items[item]?.args, plan);
      if (altered === undefined) return undefined;
      paths.push(...altered);
    }
  }
  return paths;
}

/** The paths that one planned change alters; undefined when it may alter anything. */
export function alteredBy(
  resource: AnyHostResource,
  args: unknown,
  plan: ItemPlan | undefined,
): readonly string[] | undefined {
  if (plan?.status !== 'changed') return [];
  if (effectOf(resource, args) === 'opaque') return undefined;
  return changedPaths(resource.paths?.(args) ?? [], plan.changes);
}
