import { durationText } from '../../../report/duration-text.ts';
import { counted } from '../../../report/host-list.ts';
import type { Noted, RemarkRecord, ResultRecord } from '../../run-record.ts';
import {
  countColumns,
  daysUntil,
  failuresOf,
  headingOf,
  hostState,
  type RunView,
  sortedHosts,
  titleOf,
  utcTime,
  verdictOf,
} from '../run-view.ts';
import { changes } from './changes.ts';
import { historyCharts } from './history-charts.ts';
import { html, Markup } from './markup.ts';
import { style } from './style.ts';
import { timeLine } from './time-line.ts';
import { topology } from './topology.ts';

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup | undefined;
}

/** A run as one page that needs nothing else: no script, no network. */
export function runHtml(view: RunView): string {
  const { run } = view;
  const heading = headingOf(run);
  const verdict = verdictOf(run);
  const sections = sectionsOf(view).filter(({ body }) => body !== undefined);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${heading}: ${verdict.text}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#${sections[0]?.id ?? ''}">Skip to the results</a>
<header>
<h1>${heading}</h1>
<p class="verdict ${verdict.state}">${verdict.text}</p>
<p class="quiet">${utcTime(run.started)}${run.duration === undefined ? '' : `, ${durationText(run.duration)}`}, provision ${run.version}, ${run.playbook}</p>
<nav aria-label="Parts of this page">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>
</header>
<main>
${sections.map(
  ({ id, title, body }) => html`<section id="${id}"><h2>${title}</h2>
${body}
</section>
`,
)}</main>
</body>
</html>
`.text.toWellFormed();
}

function sectionsOf(view: RunView): readonly Section[] {
  const { run } = view;
  const kinds = [...Map.groupBy(run.noted, ({ kind }) => kind)];
  return [
    { id: 'failures', title: 'Failures', body: failures(view) },
    { id: 'hosts', title: 'Hosts', body: hosts(view) },
    { id: 'topology', title: 'Topology', body: topology(view) },
    { id: 'time', title: 'Time line', body: timeLine(view) },
    { id: 'changes', title: run.check ? 'What would change' : 'Changes', body: changes(run) },
    ...kinds.map(([kind, all], index) => ({
      id: `noted-${index}`,
      title: kind.charAt(0).toUpperCase() + kind.slice(1),
      body: noted(all, view.now),
    })),
    {
      id: 'warnings',
      title: 'Warnings',
      body: remarks(run.remarks.filter(({ kind }) => kind === 'warning')),
    },
    { id: 'earlier', title: 'Earlier runs', body: earlier(view) },
  ];
}

function failures({ run }: RunView): Markup | undefined {
  const failed = failuresOf(run);
  const others = run.remarks.filter(({ kind }) => kind !== 'warning');
  if (failed.length + others.length === 0) return undefined;
  return html`${failed.map(failure)}${remarks(others)}`;
}

function failure(result: ResultRecord): Markup {
  const { host, message = '', output } = result;
  const printed = [output?.stdout ?? '', output?.stderr ?? '']
    .filter((text) => text.trim() !== '')
    .join('\n');
  return html`<details open><summary><span class="failed">failed</span> ${host}: ${titleOf(result)}</summary>
<pre>${message}</pre>${printed === '' ? undefined : html`<pre class="quiet">${printed}</pre>`}</details>
`;
}

function remarks(all: readonly RemarkRecord[]): Markup | undefined {
  if (all.length === 0) return undefined;
  return html`<ul>${all.map(({ kind, host, message, hint }) => {
    const word =
      kind === 'warning' ? undefined : html`<span class="failed">${kind.replace('host-', '')}</span> `;
    const next = hint === undefined ? undefined : html`<br><span class="quiet">next: ${hint}</span>`;
    return html`<li>${word}${host === undefined ? '' : `${host}: `}${message}${next}</li>
`;
  })}</ul>`;
}

function hosts({ run }: RunView): Markup {
  const columns = countColumns.filter(
    (word) => word !== 'unknown' || run.hostRecords.some(({ recap }) => recap?.unknown),
  );
  return html`<div class="scroll" tabindex="0"><table><thead><tr><th>host</th><th>state</th>${columns.map((word) => html`<th class="number">${word}</th>`)}<th class="number">took</th></tr></thead>
<tbody>${sortedHosts(run).map((record) => {
    const { host, recap } = record;
    const state = hostState(record);
    const tone = state === 'ok' || state === 'changed' ? state : 'failed';
    return html`<tr><td>${host}</td><td class="${tone}">${state}</td>${columns.map((word) => html`<td class="number">${recap?.[word] ?? ''}</td>`)}<td class="number">${recap ? durationText(recap.duration) : ''}</td></tr>
`;
  })}</tbody></table></div>`;
}

// What ends soonest stands first; of what has no end, what took longest.
function noted(all: readonly Noted[], now: Date): Markup {
  const sorted = all.toSorted(
    (one, other) =>
      (one.ends ?? '').localeCompare(other.ends ?? '') || (other.milliseconds ?? 0) - (one.milliseconds ?? 0),
  );
  const days = sorted.map(({ ends }) => (ends === undefined ? 0 : daysUntil(ends, now)));
  const most = Math.max(1, ...days);
  const timed = sorted.some(({ ends }) => ends !== undefined);
  const head = timed
    ? html`<th class="number">days left</th><th></th><th>ends</th>`
    : html`<th class="number">took</th>`;
  return html`<div class="scroll" tabindex="0"><table><thead><tr>${head}<th>what</th><th>host</th><th>detail</th></tr></thead>
<tbody>${sorted.map(({ subject, host = 'control node', detail = '', ends = '', milliseconds = 0 }, index) => {
    const left = days[index] ?? 0;
    const width = Math.round((100 * Math.max(0, left)) / most);
    const time = timed
      ? html`<td class="number ${left < 0 ? 'failed' : ''}">${left}</td><td><span class="meter"><span style="width:${width}%"></span></span></td><td>${ends.slice(0, 10)}</td>`
      : html`<td class="number">${durationText(milliseconds)}</td>`;
    return html`<tr>${time}<td class="wide">${subject}</td><td>${host}</td><td class="wide quiet">${detail}</td></tr>
`;
  })}</tbody></table></div>`;
}

function earlier({ run, earlier: runs }: RunView): Markup | undefined {
  if (runs.length === 0) return undefined;
  const longest = Math.max(1, ...runs.map(({ duration = 0 }) => duration));
  return html`${historyCharts(run, runs)}<div class="scroll" tabindex="0"><table><thead><tr><th>when</th><th>command</th><th class="number">changed</th><th>ended</th><th class="number">took</th><th></th></tr></thead>
<tbody>${runs.map(({ started, command, changed, exitCode, state, duration = 0 }) => {
    const end = state !== 'ended' ? state : exitCode === 0 ? 'ok' : `exit code ${exitCode}`;
    return html`<tr><td>${utcTime(started)}</td><td>${command}</td><td class="number">${changed}</td><td class="${exitCode === 0 ? 'ok' : 'failed'}">${end}</td><td class="number">${durationText(duration)}</td><td><span class="meter"><span style="width:${Math.round((100 * duration) / longest)}%"></span></span></td></tr>
`;
  })}</tbody></table></div><p class="quiet">${counted(runs.length, 'run')} of this playbook on the same control node, the newest first.</p>`;
}
