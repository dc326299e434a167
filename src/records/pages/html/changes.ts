import { changeLines } from '../../../report/diff-text.ts';
import { hostList } from '../../../report/host-list.ts';
import { paintWith } from '../../../report/paint.ts';
import { alikeResults } from '../../alike-results.ts';
import type { RunRecord } from '../../run-record.ts';
import { titleOf } from '../run-view.ts';
import { html, type Markup } from './markup.ts';

// Lines of one change, as many as somebody reads.
const mostLines = 400;
const plain = paintWith(false);

/** What changed, or would: one entry for all hosts on which it came out alike, its diff behind it. */
export function changes({ results }: RunRecord): Markup | undefined {
  const alike = alikeResults(results.filter(({ status }) => status === 'changed'));
  if (alike.length === 0) return undefined;
  return html`${alike.map(({ result, hosts }) => {
    const lines = changeLines(result.changes, plain);
    const title = html`${titleOf(result)} <span class="quiet">${hostList(hosts, 60)}</span>`;
    return html`<details><summary>${title}</summary><pre>${lines.slice(0, mostLines).map(lineOf)}</pre>${more(lines.length)}</details>
`;
  })}`;
}

function lineOf(line: string): Markup {
  const kind = /^\+(?!\+\+ )/.test(line)
    ? 'ok'
    : /^-(?!-- )/.test(line)
      ? 'failed'
      : /^(?:@@|---|\+\+\+)/.test(line)
        ? 'quiet'
        : '';
  return kind === '' ? html`${line}\n` : html`<span class="${kind}">${line}</span>`;
}

function more(lines: number): Markup | undefined {
  return lines > mostLines
    ? html`<p class="quiet">${lines - mostLines} more lines are left out.</p>`
    : undefined;
}
