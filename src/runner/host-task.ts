import type { TaskInstance } from '../planner/instance.ts';
import { effectOf, planItem } from '../planner/item-plan.ts';
import { isLook, questionsOf, type Ready } from '../planner/question.ts';
import type { AnyHostResource } from '../resources/resource.ts';
import { advance } from './advance.ts';
import type { HostSession } from './host-session.ts';
import type { HostStage } from './host-stage.ts';
import { type ItemResult, lookOutcome } from './item-results.ts';
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
  let { run, results } = await compare(resource.volatile === true);
  const changes = () => run.plans.some((plan) => plan?.status === 'changed');
  const refused = () => run.plans.some((plan) => plan?.status === 'failed');
  if (checks || refused() || !changes()) {
    if (!checks && task.until) {
      results = await untilMet(stage, instance, ready, results, async () => {
        ({ run, results } = await compare(true));
        return results;
      });
    }
    if (checks && !refused()) predict(stage, run);
    return await stage.finish(instance, ready.name, results, ready, began);
  }
  if (delegate) return await stage.settleRun(run, delegate, undefined, 0);
  if (task.register !== undefined)
    host.memory.values.set(task.register, { kind: 'pending', task: ready.name });
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
  const { answers } = await advance(delegate, [], [], questions, stage.context.options, {});
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
  const prediction = stage.checks(instance.task) ? stage.host.prediction : undefined;
  const looks = new Map<number, Outcome>();
  const plans = ready.items.map(({ args, skippedBy }, index) => {
    if (skippedBy !== undefined) return undefined;
    const output = answer(`${instance.key}#${index}`);
    if (!output) throw new Error(`the host gave no answer for ${instance.key}`);
    if (!isLook(instance.task, resource, args)) {
      return planItem(resource, args, output, stage.context.options, prediction);
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

function predict(stage: HostStage, { ready, resource, plans }: TaskRun): void {
  for (const [index, plan] of plans.entries()) {
    if (plan?.status !== 'changed') continue;
    const args = ready.items[index]?.args;
    const contained = effectOf(resource, args) === 'contained';
    stage.host.prediction?.plan(ready.name, contained ? (resource.paths?.(args) ?? []) : undefined);
  }
}
