import type { Problem, ProvisionError } from '../errors/problem.ts';
import { formatProblems } from '../errors/problem-text.ts';
import { ndjsonLine, problemEvents } from '../report/ndjson.ts';
import { visibleText } from '../report/visible-text.ts';
import type { Terminal } from './terminal.ts';

/** What the problems belong to. */
export interface ProblemContext {
  readonly playbook: string;
  readonly version: string;
  readonly json: boolean;
}

/** Reports all problems of a playbook: for a person on stderr, with `--json` for programs on stdout too. */
export function reportProblems(
  { problems, sources }: ProvisionError,
  context: ProblemContext,
  terminal: Terminal,
): void {
  const { stdout, stderr } = terminal;
  if (context.json) {
    const { version, playbook } = context;
    for (const event of problemEvents(problems, { version, playbook }))
      stdout.stream.write(ndjsonLine(event));
  }
  const colour = stderr.paint('red', 'x') !== 'x';
  stderr.stream.write(`${formatProblems(visible(problems), sources, { colour, width: stderr.width })}\n`);
}

function visible(problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => {
    const { message, why, hint } = problem;
    return {
      ...problem,
      message: visibleText(message),
      ...(why !== undefined && { why: visibleText(why) }),
      ...(hint !== undefined && { hint: visibleText(hint) }),
    };
  });
}
