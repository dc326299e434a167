import type { Problem } from '../errors/problem.ts';
import { eventFormat, type RunEvent } from '../runner/events.ts';

/** What `validate` found, and what any command says when a playbook does not load: the first line of its stream. */
export interface ValidationEvent {
  readonly type: 'validation';
  readonly format: typeof eventFormat;
  readonly version: string;
  readonly playbook: string;
  readonly valid: boolean;
  readonly plays?: number;
  readonly tasks?: number;
  readonly hosts?: number;
}

/** One thing that is wrong with a playbook; follows a ValidationEvent. */
export type ProblemEvent = Problem & { readonly type: 'problem' };

/** One event as one line of JSON; control characters that a terminal might obey are escaped. */
export function ndjsonLine(event: RunEvent | ValidationEvent | ProblemEvent): string {
  const json = JSON.stringify(event).replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    escaped,
  );
  return `${json}\n`;
}

/** The two kinds of line that tell of a playbook that does not load. */
export function problemEvents(
  problems: readonly Problem[],
  head: { readonly version: string; readonly playbook: string },
): readonly (ValidationEvent | ProblemEvent)[] {
  return [
    { type: 'validation', format: eventFormat, ...head, valid: false },
    ...problems.map((problem): ProblemEvent => ({ type: 'problem', ...problem })),
  ];
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
