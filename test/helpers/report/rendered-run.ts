import { Redactor } from '../../../src/report/redaction.ts';
import { openReport, type ReportOptions } from '../../../src/report/run-report.ts';
import type { RunEvent } from '../../../src/runner/events.ts';
import { memoryOutput } from './sample-run.ts';

/** What a report writes of a run, without a live view unless that is asked for; an output of the options' own is read where it is. */
export async function rendered(
  events: readonly RunEvent[],
  options: Partial<ReportOptions> = {},
): Promise<{ out: string; err: string }> {
  const stdout = memoryOutput();
  const stderr = memoryOutput();
  const plain = { json: false, live: false, diff: false, verbose: false, quiet: false };
  const report = await openReport({ ...plain, stdout, stderr, redactor: new Redactor(), ...options });
  for (const event of events) report.report(event);
  await report.end();
  return { out: stdout.text(), err: stderr.text() };
}
