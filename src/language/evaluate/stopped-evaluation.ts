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

// Only while a run goes on: a playbook that is checked is shown with the lines around the place.
function withExpression(problem: Problem, { expression }: TemplateError): Problem {
  const { at, why } = problem;
  if (expression === undefined || !at) return problem;
  const where = `'${expression}' in ${at.file}:${at.line}:${at.column}`;
  return { ...problem, why: why === undefined ? where : `${why}; ${where}` };
}

/**
 * What an error that ended an evaluation means; one that is none of the playbook's is thrown again.
 * @param hidden nothing of what the playbook says may be shown
 */
export function stopped(
  error: unknown,
  at: Problem['at'],
  hidden: boolean,
): Stopped | { readonly kind: 'failed'; readonly problem: Problem } {
  if (error instanceof Waits) {
    const { on, host, variable } = error;
    return { kind: 'waits', on, host, variable };
  }
  if (error instanceof NotKnowable) return { kind: 'unknown', dependsOn: error.dependsOn };
  if (error instanceof TemplateError) {
    const problem = error.problem(at);
    return { kind: 'failed', problem: hidden ? problem : withExpression(problem, error) };
  }
  const [first, ...others] = error instanceof WrongArguments ? error.problems : [];
  if (!first) throw error;
  const message = [first, ...others].map((problem) => problem.message).join('; ');
  return { kind: 'failed', problem: { ...first, message } };
}
