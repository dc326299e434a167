import type { Noted } from '../../../../records/run-record.ts';
import type { RunEvent } from '../../../../runner/events.ts';
import { routeServer } from '../../resources/log-line.ts';

/** How long a line took that a task of this resource proved, as it is kept of a run; [] for every other event. */
export function arrivedLine(event: RunEvent, resource: string): readonly Noted[] {
  if (event.type !== 'task-result' || event.resource !== resource) return [];
  const { milliseconds, version, cipher } = event.result ?? {};
  if (event.status !== 'ok' || typeof milliseconds !== 'number') return [];
  const detail = [version, cipher].filter((word) => typeof word === 'string').join(', ');
  const to = routeServer(event.message ?? '');
  const { host, name: subject } = event;
  const found = { kind: 'lines that arrived', host, subject, detail, milliseconds };
  return [to === undefined ? found : { ...found, to }];
}
