import type { Noted } from '../../../records/run-record.ts';
import type { RunEvent } from '../../../runner/events.ts';
import { arrivedLine } from '../../tls-logs/commands/records/arrived-line.ts';
import { containerLine } from '../resources/container-line.ts';

/** What is worth keeping of a run about containers: how long their lines took. */
export function containerNotes(): (event: RunEvent) => readonly Noted[] {
  return (event) => arrivedLine(event, containerLine.name);
}
