import type { TaskEvaluation } from '../language/evaluate/task-evaluation.ts';
import { failedEvaluation, failedOutcome, type Outcome, skippedOutcome, unknownOutcome } from './outcome.ts';

type Unready<Evaluation = TaskEvaluation> = Evaluation extends { readonly kind: 'ready' }
  ? never
  : Omit<Evaluation, 'name' | 'reads'>;

/** How a task, or an item of it, ends that there is nothing to do for. */
export function settledOutcome(evaluation: Unready): Outcome {
  switch (evaluation.kind) {
    case 'skipped':
      return skippedOutcome(evaluation.condition);
    case 'unknown':
      return unknownOutcome(evaluation.dependsOn);
    case 'failed':
      return failedEvaluation(evaluation.problem);
    case 'waits':
      return failedOutcome(`waits for a value that only a later task sets: ${evaluation.on}`);
  }
}
