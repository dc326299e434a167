import type { TaskInstance } from '../planner/instance.ts';
import { effectOf, planItem } from '../planner/item-plan.ts';
import { changedPaths } from '../planner/overlap.ts';
import type { Prediction } from '../planner/prediction.ts';
import { isLook, questionsOf, type Ready } from '../planner/question.ts';
import type { AnyHostResource, Change } from '../resources/resource.ts';
import { advance } from './advance.ts';
import { actingHost } from './applying.ts';
import { tellCertificates } from './certificate-sights.ts';
import type { HostSession } from './host-session.ts';
import type { HostStage } from './host-stage.ts';
import { type ItemResult, lookOutcome } from './item-results.ts';
import { inTurns, needsTurns } from './item-turns.ts';
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
    const answer = await ask(stage, instance, ready, resource, delegate, anew);
    return compared(stage, { instance, ready, resource, plans: [], began }, answer);
  };
  const { run, results } = await compare(resource.volatile === true);
  if (checks || !run.plans.some((plan) => plan?.status === 'changed')) {
    const again = async () => (await compare(true)).results;
    const met = !checks && task.until ? await untilMet(stage, instance, ready, results, again) : results;
    return await stage.finish(instance, ready.name, met, ready, began);
  }
  if (delegate || needsTurns(run)) {
    await stage.advance();
    const ended = await inTurns(stage, run, async () => (await compare(true)).run);
    return await stage.finish(instance, ready.name, ended, ready, began);
  }
  if (task.register !== undefined) stage.host.put(task.register, { kind: 'pending', task: ready.name }, true);
  host.queue.push({ apply: run });
  const opaque = run.plans.some(
    (plan, index) => plan?.status === 'changed' && effectOf(resource, ready.items[index]?.args) === 'opaque',
  );
  // What decides over the steps behind it must be known before they are sent.
  const decides = (task.ignoreErrors ?? task.failedWhen ?? task.until) !== undefined;
  if (opaque || decides || (ready.looped && ready.items.length > 1)) await stage.advance();
}

type Answer = Awaited<ReturnType<HostStage['ask']>>;

async function ask(
  stage: HostStage,
  instance: TaskInstance,
  ready: Ready,
  resource: AnyHostResource,
  delegate: HostSession | undefined,
  anew: boolean,
): Promise<Answer> {
  const questions = questionsOf(instance, ready, resource, stage.context.options);
  if (!delegate) return await stage.ask(questions, anew);
  await stage.advance();
  const acting = { name: ready.delegateTo ?? stage.host.name, session: delegate };
  const { answers } = await advance(stage.context, acting, { questions }, {});
  const outputs = new Map(answers.map(({ question, output }) => [question.key, output]));
  return (key) => outputs.get(key);
}

/** Plans each item from the host's answers. */
function compared(
  stage: HostStage,
  run: TaskRun,
  answer: Answer,
): { readonly run: TaskRun; readonly results: readonly ItemResult[] } {
  const { instance, ready, resource } = run;
  const prediction = stage.checks(instance.task) ? actingHost(stage, run)?.prediction : undefined;
  const looks = new Map<number, Outcome>();
  const plans = ready.items.map(({ args, skippedBy }, index) => {
    if (skippedBy !== undefined) return undefined;
    const output = answer(`${instance.key}#${index}`);
    if (!output) throw new Error(`the host gave no answer for ${instance.key}`);
    tellCertificates(stage, instance, ready, resource, args, output);
    if (!isLook(instance.task, resource, args)) {
      const plan = planItem(resource, args, output, stage.context.options, prediction);
      if (plan.status === 'changed') predict(prediction, run, args, plan.changes);
      if (plan.status === 'ok') learnFacts(stage, resource.facts?.(args, plan.have));
      return plan;
    }
    looks.set(index, lookOutcome(resource, args, output, prediction?.opaque ?? []));
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
