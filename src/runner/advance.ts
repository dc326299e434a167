import { effectOf } from '../planner/item-plan.ts';
import { changedPaths } from '../planner/overlap.ts';
import type { Question } from '../planner/question.ts';
import type { ProbeOptions, ScriptOutput } from '../resources/resource.ts';
import { certify } from './certifying.ts';
import type { HostOutput, HostSection, HostSession, ProgramStyle } from './host-session.ts';
import { againSections, questionSections, sectionId, stepParts } from './queue-program.ts';
import { scriptOutput } from './script-output.ts';
import type { TaskRun } from './task-run.ts';

/** What the host answered to one program of steps and probes. */
export interface Advanced {
  /** Output of an item's steps; undefined when a failure before it kept them from running. */
  step(n: number, item: number): ScriptOutput | undefined;
  /** Answer to the probe after the steps. */
  again(n: number, item: number): ScriptOutput | undefined;
  readonly answers: readonly { readonly question: Question; readonly output: ScriptOutput }[];
}

/** One round trip: what comes before the steps, the steps, the same probes again, and the look-ahead. */
export async function advance(
  session: HostSession,
  before: readonly HostSection[],
  runs: readonly TaskRun[],
  questions: readonly Question[],
  options: ProbeOptions,
  style: ProgramStyle,
): Promise<Advanced> {
  const outputs = new Map<string, ScriptOutput>();
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
    const section = { id: part.id, stopOnFailure: true, become: part.become };
    const installing = await certify(part.certify, section, session, style);
    if ('script' in installing) waiting.push(installing);
    else {
      outputs.set(part.id, installing);
      failed = true;
    }
  }
  waiting.push(...againSections(runs, options), ...questionSections(questions));
  await send();
  return {
    step: (n, item) => outputs.get(sectionId.step(n, item)),
    again: (n, item) => outputs.get(sectionId.again(n, item)),
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
