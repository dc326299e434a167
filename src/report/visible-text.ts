import { mapStrings } from './map-strings.ts';

// Everything that a terminal might obey instead of show: C0 without tab and newline, DEL, C1, direction overrides.
const controls =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;
// Each alternative takes whatever comes, so that a flood of half sequences is read once: nothing is ever tried again.
const sequences = new RegExp(
  [
    // Titles, links and their kin run to their terminator, or are cut off by the next escape.
    '(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)?',
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]?',
    '\\u001b[ -/]*[0-~]?',
  ].join('|'),
  'gu',
);

/** Text from a managed host made safe to show: no escape sequence, control character or direction override is left. */
export function visibleText(text: string): string {
  if (!/[^\n\t\x20-\x7e]/.test(text)) return text;
  const lines = text.replace(/\r\n/g, '\n').replace(/\r/g, '\n');
  return lines.replace(sequences, '').replace(controls, '');
}

/** The same for every string of an event. */
export function visibleEvent<T>(event: T): T {
  return mapStrings(event, visibleText);
}
