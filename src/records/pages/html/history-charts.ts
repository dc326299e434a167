import { durationText } from '../../../report/duration-text.ts';
import type { RunSummary } from '../../run-record.ts';
import { html, type Markup } from './markup.ts';

const height = 40;
const step = 8;

interface Measure {
  readonly title: string;
  of(run: RunSummary): number;
  text(value: number): string;
}

const measures: readonly Measure[] = [
  { title: 'took', of: ({ duration = 0 }) => duration, text: durationText },
  { title: 'changed', of: ({ changed }) => changed, text: String },
  { title: 'failed or unreachable', of: ({ failed, unreachable }) => failed + unreachable, text: String },
];

/** Small charts of a run and of those before it with the same command, the oldest on the left; undefined where it is the first. */
export function historyCharts(run: RunSummary, earlier: readonly RunSummary[]): Markup | undefined {
  const same = earlier.filter(({ command, state }) => command === run.command && state === 'ended');
  if (same.length === 0) return undefined;
  const runs = [...same.toReversed(), run];
  return html`<div class="charts">${measures.map((measure) => chart(measure, runs))}</div>`;
}

function chart({ title, of, text }: Measure, runs: readonly RunSummary[]): Markup {
  const values = runs.map(of);
  const most = Math.max(...values);
  const said = `${title}: ${text(values.at(-1) ?? 0)} in this run, at most ${text(most)} in ${runs.length} runs`;
  const bars = runs.map((run, index) => {
    // What is nothing has a line all the same, so that it is seen to have run.
    const tall = Math.max(1, Math.round((height * of(run)) / Math.max(1, most)));
    const tone = run.exitCode === 0 ? 'bar' : 'bar bad';
    return html`<rect class="${tone}" x="${index * step}" y="${height - tall}" width="${step - 2}" height="${tall}"></rect>`;
  });
  return html`<figure><svg viewBox="0 0 ${runs.length * step} ${height}" width="${runs.length * step}" height="${height}" role="img" aria-label="${said}">${bars}</svg><figcaption>${said}</figcaption></figure>
`;
}
