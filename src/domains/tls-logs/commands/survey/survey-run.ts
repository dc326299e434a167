import type { OpenRun } from '../../../../cli/playbook-run.ts';
import type { Terminal } from '../../../../cli/terminal.ts';
import { writeFitted } from '../../../../report/screen.ts';
import { WaitingLine } from '../../../../report/waiting-line.ts';
import type { RunEvent } from '../../../../runner/events.ts';

/** What a command makes of a dry run that shows only what was found. */
export interface Survey {
  take(event: RunEvent): void;
  /** A warning as it is shown; undefined: it is not. */
  warning(event: Extract<RunEvent, { type: 'warning' }>): string | undefined;
  /** What is waited for, on a terminal. */
  waiting(event: Extract<RunEvent, { type: 'run-start' }>): string;
  /** Shows what was found; returns the exit code. It is not called for a run that was interrupted. */
  finish(): number;
}

/** Runs for a survey: nothing but warnings is shown before its end. */
export function openSurveyRun({ stderr, live }: Terminal, quiet: boolean, survey: Survey): OpenRun {
  const waiting = new WaitingLine(stderr);
  const notice = (line: string): void => {
    waiting.takeAway();
    writeFitted(stderr, [line]);
  };
  return {
    report: (event) => {
      survey.take(event);
      const warning = event.type === 'warning' ? survey.warning(event) : undefined;
      if (warning !== undefined) notice(`${stderr.paint('yellow', 'warning:')} ${warning}`);
      if (event.type === 'run-start' && live && !quiet) waiting.show(survey.waiting(event));
    },
    notice,
    aside: (other) => {
      waiting.takeAway();
      return other();
    },
    end: async () => waiting.takeAway(),
    finish: ({ exitCode }) => {
      waiting.takeAway();
      return exitCode === 130 || exitCode === 124 ? exitCode : survey.finish();
    },
  };
}
