import { stripVTControlCharacters } from 'node:util';
import { mapStrings } from './map-strings.ts';

// Everything that a terminal might obey instead of show: C0 without tab and newline, DEL, C1, direction overrides.
const controls =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;
// Operating system commands and their kin run to a terminator that the general stripper may not know.
const strings =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)/gu;

/** Text from a managed host made safe to show: no escape sequence, control character or direction override is left. */
export function visibleText(text: string): string {
  if (!/[^\n\t\x20-\x7e]/.test(text)) return text;
  const lines = text.replace(/\r\n/g, '\n').replace(/\r/g, '\n');
  return stripVTControlCharacters(lines.replace(strings, '')).replace(controls, '');
}

/** The same for every string of an event. */
export function visibleEvent<T>(event: T): T {
  return mapStrings(event, visibleText);
}
