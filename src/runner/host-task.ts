import { unknownPath, withWords, wordQuestions } from '../planner/host-words.ts';
import { effectOf, planItem } from '../planner/item-plan.ts';
import { type Answered, isReadOnlyCommand, type Question, questionsOf } from '../planner/question.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { askOne } from './advance.ts';
import { actingHost } from './applying.ts';
import type { HostApplies, HostAsks, HostEmits, HostPlace } from './host-ports.ts';
import type { HostSession } from './host-session.ts';
import { foldedItems } from './item-folding.ts';
import { readOnlyOutcome } from './item-results.ts';
import { inTurns, needsTurns } from './item-turns.ts';
import { emitObservations } from './observations.ts';
import { type ItemResult, type Outcome, plannedOutcome, skippedOutcome } from './outcome.ts';
import { predict } from './planned-change.ts';
import type { PlannedTurn, Turn } from './turn.ts';
import { untilMet } from './until.ts';

type Stage = HostPlace & HostAsks & HostApplies & HostEmits;
type Answers = ReadonlyMap<string, Answered | undefined>;

/** A turn with what each of its items needs, and how they end if nothing is done. */
interface Compared {
  readonly planned: PlannedTurn;
  readonly results: readonly ItemResult[];
}

/** Asks what a task needs to know; what differs is collected to be applied, or only planned. */
export async function runHostTask(stage: Stage, asWritten: Turn): Promise<void> {
  const { resource } = asWritten;
  const { task } = asWritten.instance;
  const checks = stage.checks(task);
  const { delegateTo } = asWritten.ready;
  const delegate = delegateTo === undefined ? undefined : await stage.context.sessionOf(delegateTo);
  const turn = await withPaths(stage, asWritten, delegate);
  const { ready } = turn;
  const questions = questionsOf(turn.instance, ready, resource, stage.context.options);
  const compare = async (anew: boolean) =>
    compared(stage, turn, await ask(stage, turn, questions, delegate, anew));
  const known = (!checks && riding(stage, turn, questions)) || (await compare(resource.volatile === true));
  const { planned, results } = !checks && failsEarly(stage, known) ? await compare(true) : known;
  if (checks || !planned.plans.some((plan) => plan?.status === 'changed')) {
    const again = async () => (await compare(true)).results;
    return await stage.finish(
      turn,
      !checks && task.until ? await untilMet(stage, turn, results, again) : results,
    );
  }
  const inOneGo = needsTurns(planned) ? foldedItems(planned) : planned;
  if (delegate || !inOneGo) {
    if (delegate) await stage.advance();
    const rest = (from: number) => questions.filter(({ item }) => item >= from);
    const planAgain = async () => (await compare(delegate !== undefined)).planned;
    return await stage.finish(turn, await inTurns(stage, planned, rest, planAgain));
  }
  await queue(stage, inOneGo);
}

// What is missing may be among the queued changes (a unit that a file makes), which must be made before a failure anyway.
function failsEarly({ host }: Stage, { planned }: Compared): boolean {
  return host.queue.length > 0 && planned.plans.some((plan) => plan?.status === 'failed');
}

async function queue(stage: Stage, planned: PlannedTurn): Promise<void> {
  const { instance, ready, resource, name, plans } = planned;
  const { task, handler } = instance;
  if (resource.alone) await stage.advance();
  if (task.register !== undefined) stage.host.put(task.register, { kind: 'pending', task: name }, true);
  stage.host.queue.push({ apply: planned });
  const opaque = plans.some(
    (plan, index) => plan?.status === 'changed' && effectOf(resource, ready.items[index]?.args) === 'opaque',
  );
  // What decides over the steps behind it must be known before they are sent.
  const decides = (task.ignoreErrors ?? task.failedWhen ?? task.until) !== undefined;
  if ((opaque && !handler) || decides || resource.here || (ready.looped && ready.items.length > 1))
    await stage.advance();
}

/**
 * A handler that acts whatever the host is like (a restart, a command) need not wait for the changes that are queued before
 * it: all travel in one program, and if one fails those behind it are not begun. Undefined for any other, and where what
 * the host answered before them speaks against it.
 */
function riding(stage: Stage, turn: Turn, questions: readonly Question[]): Compared | undefined {
  const { instance, ready, resource } = turn;
  const acts = ready.items.every(
    ({ args, skippedBy }) =>
      skippedBy !== undefined ||
      (resource.repeats?.(args) === true && !isReadOnlyCommand(instance.task, resource, args)),
  );
  if (!instance.handler || !acts || ready.delegateTo !== undefined || resource.volatile) return undefined;
  const answers = stage.known(questions);
  if ([...answers.values()].includes(undefined)) return undefined;
  const found = compared(stage, turn, answers);
  return found.planned.plans.every((plan) => plan === undefined || plan.status === 'changed')
    ? found
    : undefined;
}

// The task with the host's own words in its paths (`~`) replaced.
async function withPaths(stage: Stage, turn: Turn, delegate: HostSession | undefined): Promise<Turn> {
  const questions = wordQuestions(turn.resource, turn.ready);
  if (questions.length === 0) return turn;
  const answers = await ask(stage, turn, questions, delegate, false);
  return { ...turn, ready: withWords(turn.resource, turn.ready, answers) };
}

async function ask(
  stage: Stage,
  { ready }: Turn,
  questions: readonly Question[],
  delegate: HostSession | undefined,
  anew: boolean,
): Promise<Answers> {
  if (!delegate) return await stage.ask(questions, anew);
  await stage.advance();
  const acting = { name: ready.delegateTo ?? stage.host.name, session: delegate };
  const answers = await askOne(stage.context, acting, questions);
  return new Map(questions.map((question) => [question.key, answers.get(question)]));
}

/** Plans each item from the host's answers. */
function compared(stage: Stage, turn: Turn, answers: Answers): Compared {
  const { instance, ready, resource } = turn;
  const prediction = stage.checks(instance.task) ? actingHost(stage, turn)?.prediction : undefined;
  const outputs = new Map<number, Outcome>();
  const plans = ready.items.map(({ args, skippedBy }, index) => {
    if (skippedBy !== undefined) return undefined;
    const given = answers.get(`${instance.key}#${index}`);
    if (!given) throw new Error(`the host gave no answer for ${instance.key}`);
    const refused = 'refused' in given ? undefined : unknownPath(resource, args);
    const answered = refused === undefined ? given : { refused };
    emitObservations(stage, turn, args, answered);
    if (!isReadOnlyCommand(instance.task, resource, args)) {
      const plan = planItem(resource, args, answered, stage.context.options, prediction);
      if (plan.status === 'changed') predict(prediction, turn, args, plan.changes);
      if (plan.status === 'ok') learned(stage, turn, resource.facts?.(args, plan.have));
      return plan;
    }
    outputs.set(index, readOnlyOutcome(resource, args, readOnlyOutput(answered), prediction?.opaque ?? []));
    return undefined;
  });
  const results = ready.items.map(({ args, item, label, skippedBy }, index) => {
    const plan = plans[index];
    const outcome = plan
      ? plannedOutcome(plan, resource, args)
      : (outputs.get(index) ?? skippedOutcome(skippedBy ?? ''));
    return { item, label, outcome };
  });
  return { planned: { ...turn, plans }, results };
}

// With `delegate_facts` what was found belongs to the host on which it was found.
function learned(
  { host, context }: Stage,
  { instance, ready }: Turn,
  facts: Readonly<Record<string, unknown>> | undefined,
): void {
  const other = instance.task.delegateFacts ? ready.delegateTo : undefined;
  if (other === undefined) host.learn(facts);
  else
    for (const [name, value] of Object.entries(facts ?? {}))
      context.memories.of(other).facts.set(name, value);
}

function readOnlyOutput(answered: Answered): ScriptOutput {
  if ('refused' in answered)
    return answered.ended ?? { code: 126, stdout: '', stderr: answered.refused, refused: answered.refused };
  return answered.values[0] as ScriptOutput;
}
