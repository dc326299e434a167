import { durationText } from '../../report/duration-text.ts';
import { wrapWords } from '../../report/fitted-text.ts';
import { counted } from '../../report/host-list.ts';
import type { Redactor } from '../../report/redaction.ts';
import { openReport } from '../../report/run-report.ts';
import { writeFitted, writeLines } from '../../report/screen.ts';
import { shownEvent } from '../../report/shown-event.ts';
import { WaitingLine } from '../../report/waiting-line.ts';
import type { HostRecap, RunEvent, TaskResult } from '../../runner/events.ts';
import type { RunOptions } from '../command-options.ts';
import type { OpenRun } from '../playbook-run.ts';
import type { Terminal } from '../terminal.ts';

/** What a command without a playbook makes of its run. */
export interface AdhocUse {
  /** What is shown of a host, as soon as it has answered. */
  lines(result: TaskResult): readonly string[];
  /** No line that counts hosts at the end. */
  readonly bare?: boolean;
  readonly quiet: boolean;
}

/** Shows hosts as they answer on stdout, and on stderr those that do not, and how many there were. */
export function openAdhocReport(terminal: Terminal, redactor: Redactor, use: AdhocUse): OpenRun {
  const { stdout, stderr, live } = terminal;
  const waiting = new WaitingLine(stderr);
  let total = 0;
  let answered = 0;
  // What the engine says of a play later is about plays that somebody wrote.
  let begun = false;
  const above = (write: () => void): void => {
    waiting.takeAway();
    write();
    if (live && !use.quiet && answered < total) waiting.show(`${answered} of ${counted(total, 'host')} ...`);
  };
  const trouble = (host: string, word: string, message: string, hint: string | undefined): void => {
    const more = hint === undefined ? [] : wrapWords(`next: ${hint}`, stderr.width - 4);
    const [first = '', ...rest] = wrapWords(`${host}: ${word}: ${message}`, stderr.width - 4);
    const lead = `${stderr.paint('red', first.slice(0, host.length + word.length + 2))}${first.slice(host.length + word.length + 2)}`;
    writeLines(stderr, [lead, ...[...rest, ...more].map((line) => `    ${line}`)]);
  };
  const take = (event: RunEvent): void => {
    if (event.type === 'run-start') {
      total = event.hosts.length;
      above(() => undefined);
    } else if (event.type === 'task-result') {
      answered++;
      above(() => writeLines(stdout, use.lines(event)));
    } else if (event.type === 'host-unreachable') {
      answered++;
      above(() => trouble(event.host, 'unreachable', event.message, event.hint));
    } else if (event.type === 'host-failed' && event.problem?.code !== 'task-failed') {
      above(() => trouble(event.host, 'failed', event.message, event.problem?.hint));
    } else if (event.type === 'play-start') begun = true;
    else if (event.type === 'warning' && (event.host !== undefined || !begun)) {
      const who = event.host === undefined ? '' : `${event.host}: `;
      above(() => writeFitted(stderr, [`${stderr.paint('yellow', 'warning:')} ${who}${event.message}`]));
    } else if (event.type === 'recap') {
      answered = total;
      if (use.bare || use.quiet) return;
      above(() => writeLines(stderr, [closing(event.hosts, event.duration)]));
    }
  };
  return {
    report: (raw) => take(shownEvent(raw, redactor)),
    notice: (line) => above(() => writeLines(stderr, [line])),
    aside: (other) => {
      waiting.takeAway();
      return other();
    },
    end: async () => waiting.takeAway(),
    finish: ({ exitCode }) => exitCode,
  };
}

function closing(hosts: Readonly<Record<string, HostRecap>>, duration: number): string {
  const all = Object.values(hosts);
  const unreachable = all.filter((one) => one.unreachable).length;
  const failed = all.filter((one) => one.failed > 0 && !one.unreachable).length;
  const good = all.length - unreachable - failed;
  const parts = [
    `${good} of ${counted(all.length, 'host')} ok`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unreachable > 0 ? [`${unreachable} unreachable`] : []),
    durationText(duration),
  ];
  return parts.join('; ');
}

/** With --json the events of the run, else hosts as they answer. */
export async function openAdhocEvents(
  terminal: Terminal,
  redactor: Redactor,
  { json = false, verbose = false, quiet = false }: RunOptions,
  lines: AdhocUse['lines'],
): Promise<OpenRun> {
  if (!json) return openAdhocReport(terminal, redactor, { lines, quiet });
  const report = await openReport({ ...terminal, json, diff: false, verbose, quiet, live: false, redactor });
  return { ...report, finish: ({ exitCode }) => exitCode };
}
