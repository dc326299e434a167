import { type Question, withEnvironment } from '../planner/question.ts';
import type { AuthorityStep, HeldStep, IssueStep, ProbeOptions } from '../resources/resource.ts';
import type { HostSection } from './host-session.ts';
import type { TaskRun } from './task-run.ts';

/** A program may have to stop in the middle: the control node's own part comes then, or that of other hosts. */
export type ProgramPart =
  | { readonly section: HostSection }
  | { readonly certify: IssueStep | AuthorityStep; readonly id: string; readonly become: string | undefined }
  | HeldPart;

/** A change that is made while other hosts are held. */
export interface HeldPart {
  readonly held: HeldStep;
  /** Makes the change, when all are held. */
  readonly change: HostSection;
  readonly run: TaskRun;
}

/** Names of the sections of a queue: `n` counts the task runs of the queue. */
export const sectionId = {
  step: (n: number, item: number) => `s.${n}.${item}`,
  again: (n: number, item: number) => `c.${n}.${item}`,
  question: (n: number) => `q.${n}`,
};

/** The steps of queued task runs in order. An item's scripts are one section: the first that fails ends it; what needs others stands last. */
export function stepParts(runs: readonly TaskRun[]): readonly ProgramPart[] {
  return runs.flatMap((run, n) => {
    const { instance, ready, plans } = run;
    return plans.flatMap((plan, item): ProgramPart[] => {
      if (plan?.status !== 'changed') return [];
      const id = sectionId.step(n, item);
      const { become, environment } = ready;
      // All items of a loop are tried; nothing else stands behind them in a queue.
      const stopOnFailure = ready.items.length === 1 && instance.task.failedWhen === undefined;
      const last = plan.steps.find((step) => step.kind !== 'script');
      const scripts = plan.steps.flatMap((step) => (step.kind === 'script' ? [step.script] : []));
      const script = withEnvironment(
        scripts.map((text) => `(\n${text}\n) || exit $?`).join('\n'),
        environment,
      );
      const parts: ProgramPart[] =
        scripts.length === 0 ? [] : [{ section: { id, script, stopOnFailure, become } }];
      if (last?.kind === 'held') {
        const change = withEnvironment(last.script, environment);
        parts.push({ held: last, change: { id, script: change, stopOnFailure, become }, run });
      } else if (last) parts.push({ certify: last, id, become });
      return parts;
    });
  });
}

/** The probes that must find nothing left to do after the steps. */
export function againSections(runs: readonly TaskRun[], options: ProbeOptions): readonly HostSection[] {
  return runs.flatMap(({ resource, ready, plans }, n) =>
    plans.flatMap((plan, item) => {
      const args = ready.items[item]?.args;
      if (plan?.status !== 'changed' || resource.repeats?.(args)) return [];
      const script = withEnvironment(resource.probe(args, options).script, ready.environment);
      return { id: sectionId.again(n, item), script, stopOnFailure: false, become: ready.become };
    }),
  );
}

/** The probes of coming tasks, those of one user together. */
export function questionSections(questions: readonly Question[]): readonly HostSection[] {
  const sections = questions.map(({ script, become }, n) => ({
    id: sectionId.question(n),
    script,
    stopOnFailure: false,
    become,
  }));
  const users = [...new Set(sections.map(({ become }) => become))];
  return users.flatMap((user) => sections.filter(({ become }) => become === user));
}
