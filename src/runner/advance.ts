import { effectOf } from '../planner/item-plan.ts';
import { changedPaths } from '../planner/overlap.ts';
import type { Question } from '../planner/question.ts';
import type { ScriptOutput } from '../resources/resource.ts';
import { certify } from './certifying.ts';
import { type ActingHost, changeHeld, type HeldTime } from './holding.ts';
import type { HostOutput, HostSection, ProgramStyle } from './host-session.ts';
import { againSections, questionSections, sectionId, stepParts } from './queue-program.ts';
import type { RunContext } from './run-context.ts';
import { scriptOutput } from './script-output.ts';
import type { TaskRun } from './task-run.ts';

/** What is sent in one round trip: what comes before the steps, the steps, and the probes of what comes next. */
export interface RoundTrip {
  readonly before?: readonly HostSection[];
  readonly runs?: readonly TaskRun[];
  readonly questions?: readonly Question[];
}

/** What the host answered to one program of steps and probes. */
export interface Advanced {
  /** Output of an item's steps; undefined when a failure before it kept them from running. */
  step(n: number, item: number): ScriptOutput | undefined;
  /** Answer to the probe after the steps. */
  again(n: number, item: number): ScriptOutput | undefined;
  /** For how long other hosts were held for an item; undefined when none was. */
  held(n: number, item: number): HeldTime | undefined;
  readonly answers: readonly { readonly question: Question; readonly output: ScriptOutput }[];
}

/** One round trip: what comes before the steps, the steps, the same probes again, and the look-ahead. */
export async function advance(
  context: RunContext,
  acting: ActingHost,
  { before = [], runs = [], questions = [] }: RoundTrip,
  style: ProgramStyle,
): Promise<Advanced> {
  const { session } = acting;
  const outputs = new Map<string, ScriptOutput>();
  const times = new Map<string, HeldTime>();
  const keep = (more: ReadonlyMap<string, HostOutput>) => {
    for (const [id, output] of more) outputs.set(id, scriptOutput(output));
  };
  let waiting: HostSection[] = [...before];
  let failed = false;
  const send = async () => {
    if (failed || waiting.length === 0) return;
    keep(await session.run(waiting, { ...style, answersRefusal: true }));
    failed = waiting.some(({ id, stopOnFailure }) => stopOnFailure && outputs.get(id)?.code !== 0);
    waiting = [];
  };
  for (const part of stepParts(runs)) {
    if ('section' in part) {
      waiting.push(part.section);
      continue;
    }
    await send();
    if (failed) break;
    if ('held' in part) {
      const { id, stopOnFailure } = part.change;
      const { output, time } = await changeHeld(context, acting, part, style);
      outputs.set(id, output);
      if (time) times.set(id, time);
      failed = stopOnFailure && output.code !== 0;
      continue;
    }
    const section = { id: part.id, stopOnFailure: true, become: part.become };
    const installing = await certify(context.cas, part.certify, section, session, style);
    if ('script' in installing) waiting.push(installing);
    else {
      outputs.set(part.id, installing);
      failed = true;
    }
  }
  waiting.push(...againSections(runs, context.options), ...questionSections(questions));
  await send();
  return {
    step: (n, item) => outputs.get(sectionId.step(n, item)),
    again: (n, item) => outputs.get(sectionId.again(n, item)),
    held: (n, item) => times.get(sectionId.step(n, item)),
    answers: questions.flatMap((question, n) => {
      const output = outputs.get(sectionId.question(n));
      return output ? [{ question, output }] : [];
    }),
  };
}

/** The paths that queued changes alter; undefined when one of them may alter anything. */
export function alteredPaths(runs: readonly TaskRun[]): readonly string[] | undefined {
  const paths: string[] = [];
  for (const { resource, ready, plans } of runs) {
    for (const [item, plan] of plans.entries()) {
      if (plan?.status !== 'changed') continue;
      const args = ready.items[item]?.args;
      if (effectOf(resource, args) === 'opaque') return undefined;
      paths.push(...changedPaths(resource.paths?.(args) ?? [], plan.changes));
    }
  }
  return paths;
}
