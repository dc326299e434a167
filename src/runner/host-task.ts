import { changedPaths } from '../planner/changed-paths.ts';
import type { TaskInstance } from '../planner/instance.ts';
import { effectOf, planItem } from '../planner/item-plan.ts';
import type { Prediction } from '../planner/prediction.ts';
import { type Answered, isLook, questionsOf, type Ready } from '../planner/question.ts';
import type { AnyHostResource, Change } from '../resources/resource.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { askOne } from './advance.ts';
import { actingHost } from './applying.ts';
import type { HostSession } from './host-session.ts';
import type { HostStage } from './host-stage.ts';
import { type ItemResult, lookOutcome } from './item-results.ts';
import { inTurns, needsTurns } from './item-turns.ts';
import { emitObservations } from './observations.ts';
import { type Outcome, plannedOutcome, skippedOutcome } from './outcome.ts';
import type { TaskRun } from './task-run.ts';
import { untilMet } from './until.ts';

/** Asks what a task needs to know; what differs is collected to be applied, or only planned. */
export async function runHostTask(
  stage: HostStage,
  instance: TaskInstance,
  ready: Ready,
  resource: AnyHostResource,
  began: number,
): Promise<void> {
  const { task } = instance;
  const { host } = stage;
  const checks = stage.checks(task);
  const delegate =
    ready.delegateTo === undefined ? undefined : await stage.context.sessionOf(ready.delegateTo);
  const compare = async (anew: boolean) => {
    const answers = await ask(stage, instance, ready, resource, delegate, anew);
    return compared(stage, { instance, ready, resource, plans: [], began }, answers);
  };
  const { run, results } =
    (instance.handler && !checks && riding(stage, instance, ready, resource, began)) ||
    (await compare(resource.volatile === true));
  if (checks || !run.plans.some((plan) => plan?.status === 'changed')) {
    const again = async () => (await compare(true)).results;
    const met = !checks && task.until ? await untilMet(stage, instance, ready, results, again) : results;
    return await stage.finish(instance, ready.name, met, ready, began);
  }
  if (delegate || needsTurns(run)) {
    if (delegate) await stage.advance();
    const questions = questionsOf(instance, ready, resource, stage.context.options);
    const rest = (from: number) => questions.filter(({ item }) => item >= from);
    const ended = await inTurns(stage, run, rest, async () => (await compare(delegate !== undefined)).run);
    return await stage.finish(instance, ready.name, ended, ready, began);
  }
  if (task.register !== undefined) stage.host.put(task.register, { kind: 'pending', task: ready.name }, true);
  host.queue.push({ apply: run });
  const opaque = run.plans.some(
    (plan, index) => plan?.status === 'changed' && effectOf(resource, ready.items[index]?.args) === 'opaque',
  );
  // What decides over the steps behind it must be known before they are sent.
  const decides = (task.ignoreErrors ?? task.failedWhen ?? task.until) !== undefined;
  if ((opaque && !instance.handler) || decides || (ready.looped && ready.items.length > 1))
    await stage.advance();
}

/**
 * A handler that acts whatever the host is like (a restart, a command) need not wait for the changes that are queued before
 * it: all travel in one program, and if one fails those behind it are not begun. Undefined for any other, and where what
 * the host answered before them speaks against it.
 */
function riding(
  stage: HostStage,
  instance: TaskInstance,
  ready: Ready,
  resource: AnyHostResource,
  began: number,
): ReturnType<typeof compared> | undefined {
  const acts = ready.items.every(
    ({ args, skippedBy }) =>
      skippedBy !== undefined ||
      (resource.repeats?.(args) === true && !isLook(instance.task, resource, args)),
  );
  if (!acts || ready.delegateTo !== undefined || resource.volatile) return undefined;
  const answers = stage.known(questionsOf(instance, ready, resource, stage.context.options));
  if ([...answers.values()].includes(undefined)) return undefined;
  const planned = compared(stage, { instance, ready, resource, plans: [], began }, answers);
  return planned.run.plans.every((plan) => plan === undefined || plan.status === 'changed')
    ? planned
    : undefined;
}

type Answers = ReadonlyMap<string, Answered | undefined>;

async function ask(
  stage: HostStage,
  instance: TaskInstance,
  ready: Ready,
  resource: AnyHostResource,
  delegate: HostSession | undefined,
  anew: boolean,
): Promise<Answers> {
  const questions = questionsOf(instance, ready, resource, stage.context.options);
  if (!delegate) return await stage.ask(questions, anew);
  await stage.advance();
  const acting = { name: ready.delegateTo ?? stage.host.name, session: delegate };
  const answers = await askOne(stage.context, acting, questions);
  return new Map(questions.map((question) => [question.key, answers.get(question)]));
}

/** Plans each item from the host's answers. */
function compared(
  stage: HostStage,
  run: TaskRun,
  answers: Answers,
): { readonly run: TaskRun; readonly results: readonly ItemResult[] } {
  const { instance, ready, resource } = run;
  const prediction = stage.checks(instance.task) ? actingHost(stage, run)?.prediction : undefined;
  const looks = new Map<number, Outcome>();
  const plans = ready.items.map(({ args, skippedBy }, index) => {
    if (skippedBy !== undefined) return undefined;
    const answered = answers.get(`${instance.key}#${index}`);
    if (!answered) throw new Error(`the host gave no answer for ${instance.key}`);
    emitObservations(stage, instance, ready, resource, args, answered);
    if (!isLook(instance.task, resource, args)) {
      const plan = planItem(resource, args, answered, stage.context.options, prediction);
      if (plan.status === 'changed') predict(prediction, run, args, plan.changes);
      if (plan.status === 'ok') learnFacts(stage, resource.facts?.(args, plan.have));
      return plan;
    }
    looks.set(index, lookOutcome(resource, args, lookOutput(answered), prediction?.opaque ?? []));
    return undefined;
  });
  const results = ready.items.map(({ args, item, label, skippedBy }, index) => {
    const plan = plans[index];
    const outcome = plan
      ? plannedOutcome(plan, resource, args)
      : (looks.get(index) ?? skippedOutcome(skippedBy ?? ''));
    return { item, label, outcome };
  });
  return { run: { ...run, plans }, results };
}

function lookOutput(answered: Answered): ScriptOutput {
  if ('refused' in answered)
    return { code: 126, stdout: '', stderr: answered.refused, refused: answered.refused };
  return answered.values[0] as ScriptOutput;
}

// `setup` as a task: facts that an earlier task has changed are known anew.
function learnFacts(stage: HostStage, facts: Readonly<Record<string, unknown>> | undefined): void {
  for (const [name, value] of Object.entries(facts ?? {})) stage.host.memory.facts.set(name, value);
}

function predict(
  prediction: Prediction | undefined,
  { ready, resource }: TaskRun,
  args: unknown,
  changes: readonly Change[],
): void {
  const contained = effectOf(resource, args) === 'contained';
  prediction?.plan(ready.name, contained ? changedPaths(resource.paths?.(args) ?? [], changes) : undefined);
}
