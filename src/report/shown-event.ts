import type { RunEvent } from '../runner/events.ts';
import type { Redactor } from './redaction.ts';
import { visibleEvent, visibleText } from './visible-text.ts';

/** An event as a person may see it: without secrets, and without what a terminal would obey. */
export function shownEvent(raw: RunEvent, redactor: Redactor): RunEvent {
  const event = redactor.event(raw);
  const shown = visibleEvent(event);
  // Taking escape sequences out may join the parts of a secret: hide once more.
  return shown === event ? event : redactor.event(shown);
}

/** A text as a person may see it, in the same way. */
export function shownText(raw: string, redactor: Redactor): string {
  return redactor.text(visibleText(redactor.text(raw)));
}
