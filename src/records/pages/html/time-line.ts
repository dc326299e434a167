import { durationText } from '../../../report/duration-text.ts';
import type { HostRecord, ResultRecord } from '../../run-record.ts';
import { hostState, type RunView, sortedHosts, titleOf } from '../run-view.ts';
import { html, type Markup } from './markup.ts';

// Rows of tasks in the whole page; of a larger run only what changed, failed or took long is listed.
const mostRows = 4000;
const longTask = 1000;

/** When each host did what: a lane with its plays and what changed or failed, and its tasks below, on demand. */
export function timeLine({ run }: RunView): Markup {
  const all = Math.max(1, run.duration ?? 0, ...run.results.map(({ began, duration }) => began + duration));
  const byHost = Map.groupBy(run.results, ({ host }) => host);
  const whole = run.results.length <= mostRows;
  const left = whole
    ? undefined
    : html`<p class="quiet">Tasks that changed nothing and were quick are left out of a run of this size.</p>`;
  return html`${left}${sortedHosts(run).map((record) => {
    const results = byHost.get(record.host) ?? [];
    const listed = whole ? results : results.filter(isWorthIt);
    return html`<details><summary>${record.host} <span class="${toneOf(record)}">${hostState(record)}</span> <span class="quiet">${timeOf(record)}</span>
${lane(record, results, all, run.plays)}</summary>${taskTable(listed)}</details>
`;
  })}<p class="quiet">From left to right: ${durationText(all)}. Grey: connecting; blue: plays; amber: a change; red: a failure.</p>`;
}

function isWorthIt({ status, duration }: ResultRecord): boolean {
  return (status !== 'ok' && status !== 'skipped') || duration >= longTask;
}

function toneOf(record: HostRecord): string {
  const state = hostState(record);
  return state === 'ok' || state === 'changed' ? state : 'failed';
}

function timeOf({ recap }: HostRecord): string {
  return recap ? durationText(recap.duration) : '';
}

function lane(
  { host, connected }: HostRecord,
  results: readonly ResultRecord[],
  all: number,
  plays: RunView['run']['plays'],
): Markup {
  const bar = (kind: string, from: number, until: number, title: string): Markup => {
    const left = ((100 * from) / all).toFixed(2);
    const width = ((100 * Math.max(0, until - from)) / all).toFixed(2);
    return html`<span class="mark-${kind}" style="left:${left}%;width:${width}%" title="${title}"></span>`;
  };
  const spans = [...Map.groupBy(results, ({ play }) => play)].map(([play, some]) => {
    const from = Math.min(...some.map(({ began }) => began));
    const until = Math.max(...some.map(({ began, duration }) => began + duration));
    const name = plays.find((one) => one.play === play)?.name ?? '';
    return bar('play', from, until, `${name}: ${durationText(until - from)}`);
  });
  const marks = results.flatMap((result) => {
    const { status, ignored, began, duration } = result;
    const end = began + duration;
    if (status === 'failed' && !ignored) return [bar('failed', end, end, `${titleOf(result)}: failed`)];
    return status === 'changed' ? [bar('changed', end, end, titleOf(result))] : [];
  });
  const connecting =
    connected === undefined
      ? []
      : [bar('connect', 0, connected, `connected after ${durationText(connected)}`)];
  const label = `${host}: ${results.length} results, ${marks.length} changes or failures`;
  return html`<div class="lane" role="img" aria-label="${label}">${connecting}${spans}${marks}</div>`;
}

function taskTable(results: readonly ResultRecord[]): Markup {
  if (results.length === 0) return html`<p class="quiet">No task came to this host.</p>`;
  return html`<div class="scroll" tabindex="0"><table><thead><tr><th>task</th><th>result</th><th class="number">began</th><th class="number">took</th></tr></thead>
<tbody>${results.map(
    (
      one,
    ) => html`<tr><td class="wide">${titleOf(one)}</td><td class="${toneOfResult(one)}">${one.ignored ? 'failed, ignored' : one.status}</td>
<td class="number">${durationText(one.began)}</td><td class="number">${durationText(one.duration)}</td></tr>
`,
  )}</tbody></table></div>`;
}

function toneOfResult({ status, ignored }: ResultRecord): string {
  return status === 'skipped' || ignored ? 'quiet' : status;
}
