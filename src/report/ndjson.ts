import type { Problem } from '../errors/problem.ts';
import { eventFormat, type RunEvent } from '../runner/events.ts';
import { jsonText } from './json-text.ts';

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

/** One event as one line of JSON. */
export function ndjsonLine(event: RunEvent | ValidationEvent | ProblemEvent): string {
  return `${jsonText(event)}\n`;
}

/** The two kinds of line for a playbook that does not load. */
export function problemEvents(
  problems: readonly Problem[],
  head: { readonly version: string; readonly playbook: string },
): readonly (ValidationEvent | ProblemEvent)[] {
  return [
    { type: 'validation', format: eventFormat, ...head, valid: false },
    ...problems.map((problem): ProblemEvent => ({ type: 'problem', ...problem })),
  ];
}
