import type { Watch } from '../runner/doing.ts';
import type { Report, RunEvent } from '../runner/events.ts';
import { FailureReport } from './failure-report.ts';
import { type HumanChoice, HumanReport } from './human-report.ts';
import { ndjsonLine } from './ndjson.ts';
import type { Redactor } from './redaction.ts';
import { type Output, PlainScreen, type Screen } from './screen.ts';
import { shownEvent, shownText } from './shown-event.ts';
import { WarningReport } from './warning-report.ts';

/** How a run is shown. */
export interface ReportOptions extends HumanChoice {
  /** NDJSON events on stdout; of the rest only errors, on stderr. */
  readonly json: boolean;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly redactor: Redactor;
}

/** A report that is open: give it events, end it when the run is over. */
export interface RunReport {
  readonly report: Report;
  /** Given what each host is at; undefined where that is not shown. */
  readonly watch?: Watch | undefined;
  /** Prints a line on stderr that is no event. */
  notice(line: string): void;
  /** Lets somebody else use the terminal, for a question. */
  aside<T>(other: () => Promise<T>): Promise<T>;
  /** Writes what is still held back. */
  end(): Promise<void>;
}

/** Opens the report that the options ask for; every event is redacted before anything renders it. */
export async function openReport(options: ReportOptions): Promise<RunReport> {
  const { stdout, stderr, redactor } = options;
  const screen: Screen = options.live ? await liveScreen(stdout, stderr) : new PlainScreen(stdout, stderr);
  const warnings = new WarningReport(screen, stderr, !options.json);
  const human = options.json
    ? undefined
    : new HumanReport(screen, stdout, stderr, options, {
        beforeRecap: () => warnings.repeat(),
        shown: (text) => shownText(text, redactor),
      });
  const failures = new FailureReport(screen, stderr, !options.json);
  const report = (raw: RunEvent): void => {
    if (options.json) stdout.stream.write(ndjsonLine(redactor.event(raw)));
    const visible = shownEvent(raw, redactor);
    warnings.take(visible);
    human?.take(visible);
    if (!human && visible.type === 'recap') warnings.repeat();
    failures.take(visible);
  };
  return {
    report,
    watch: human && ((host, doing) => human.watch(host, doing)),
    notice: (line) => screen.progress([line]),
    aside: (other) => screen.aside(other),
    end: () => {
      warnings.end();
      failures.end();
      return screen.end();
    },
  };
}

// listr2 takes time to load and is needed on terminals only.
async function liveScreen(stdout: Output, stderr: Output): Promise<Screen> {
  const { LiveView } = await import('./live-view.ts');
  return LiveView.open(stdout, stderr);
}
