import type { Problem } from '../../errors/problem.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { WrongArguments } from './resource-arguments.ts';
import { NotKnowable, Waits } from './scope-signal.ts';

/** A single value, or why there is none now. */
export type ValueEvaluation =
  | { readonly kind: 'value'; readonly value: unknown }
  | Stopped
  | { readonly kind: 'failed'; readonly problem: Problem };

type Stopped =
  | {
      readonly kind: 'waits';
      readonly on: string;
      readonly host: string;
      readonly variable: string | undefined;
    }
  | { readonly kind: 'unknown'; readonly dependsOn: readonly string[] };

/** What an error that ended an evaluation means; one that is none of the playbook's is thrown again. */
export function stopped(
  error: unknown,
  at: Problem['at'],
): Stopped | { readonly kind: 'failed'; readonly problem: Problem } {
  if (error instanceof Waits) {
    const { on, host, variable } = error;
    return { kind: 'waits', on, host, variable };
  }
  if (error instanceof NotKnowable) return { kind: 'unknown', dependsOn: error.dependsOn };
  if (error instanceof TemplateError) return { kind: 'failed', problem: error.problem(at) };
  const [first, ...others] = error instanceof WrongArguments ? error.problems : [];
  if (!first) throw error;
  const message = [first, ...others].map((problem) => problem.message).join('; ');
  return { kind: 'failed', problem: { ...first, message } };
}
