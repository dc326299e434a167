import { durationText } from '../../../report/duration-text.ts';
import { shorten } from '../../../report/fitted-text.ts';
import type { Noted } from '../../run-record.ts';
import { type HostState, hostState, type RunView, sortedHosts } from '../run-view.ts';
import { html, type Markup } from './markup.ts';

const box = { width: 190, height: 44, gap: 16 };
const columns = { left: 10, right: 430 };
// More boxes than that are a wall, not a picture: the table of hosts has them all.
const mostBoxes = 40;

/** Who sends to whom, as this run proved it: a box for each host, an arrow for each way with its time. Undefined without any. */
export function topology({ run }: RunView): Markup | undefined {
  const ways = [...new Map(run.noted.filter(isWay).map((way) => [`${way.host} ${way.to}`, way])).values()];
  const targets = [...new Set(ways.map(({ to }) => to))];
  const senders = sortedHosts(run).filter(({ host }) =>
    ways.some((way) => way.host === host && way.to !== host),
  );
  if (targets.length === 0 || senders.length === 0 || senders.length > mostBoxes) return undefined;
  const states = new Map(run.hostRecords.map((record) => [record.host, hostState(record)]));
  const height = Math.max(senders.length, targets.length) * (box.height + box.gap) + box.gap;
  const placeOf = (index: number, count: number): number => ((index + 0.5) * height) / count;
  const arrows = senders.flatMap(({ host }, index) =>
    ways
      .filter((way) => way.host === host && way.to !== host)
      .map((way) =>
        arrow(way, placeOf(index, senders.length), placeOf(targets.indexOf(way.to), targets.length)),
      ),
  );
  const label = ways.map(({ host, to }) => `${host} sends to ${to}`).join(', ');
  return html`<div class="scroll" tabindex="0"><svg viewBox="0 0 ${columns.right + box.width + 10} ${height}" role="img" aria-label="${label}">
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z"/></marker></defs>
${arrows}
${senders.map(({ host }, index) => hostBox(host, states.get(host), columns.left, placeOf(index, senders.length)))}
${targets.map((host, index) => hostBox(host, states.get(host), columns.right, placeOf(index, targets.length)))}
</svg></div>`;
}

type Way = Noted & { readonly host: string; readonly to: string };

function isWay(noted: Noted): noted is Way {
  return noted.host !== undefined && noted.to !== undefined;
}

function arrow({ milliseconds }: Way, from: number, to: number): Markup {
  const start = columns.left + box.width;
  const middle = (start + columns.right) / 2;
  const took = milliseconds === undefined ? '' : durationText(milliseconds);
  return html`<path d="M${start} ${from} C${middle} ${from} ${middle} ${to} ${columns.right} ${to}" marker-end="url(#head)"/>
<text class="quiet" x="${start + 8}" y="${from - 6}">${took}</text>`;
}

function hostBox(host: string, state: HostState = 'not done', x: number, middle: number): Markup {
  const y = middle - box.height / 2;
  const kind = state === 'unreachable' || state === 'not done' ? 'failed' : state;
  return html`<rect class="${kind}" x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6"/>
<text x="${x + 10}" y="${y + 19}">${shorten(host, 22)}</text><text class="quiet" x="${x + 10}" y="${y + 36}">${state}</text>`;
}
