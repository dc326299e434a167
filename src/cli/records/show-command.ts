import { ProvisionError } from '../../errors/problem.ts';
import { recordFormat } from '../../records/run-record.ts';
import { runPage } from '../../records/screen/run-page.ts';
import { readRun } from '../../records/store/run-reading.ts';
import { jsonText } from '../../report/json-text.ts';
import { writeLines } from '../../report/screen.ts';
import { reportProblems } from '../problem-output.ts';
import { openTerminal } from '../terminal.ts';
import { openRecords } from './records-opening.ts';
import type { ShowOptions } from './records-options.ts';
import { checkReports, writeReports } from './report-files.ts';

/** `provision show RUN`: all that is kept of a run; returns the exit code. */
export function showRun(
  id: number | undefined,
  { diff = false, report = [], json, color }: ShowOptions,
): number {
  const terminal = openTerminal(color);
  try {
    checkReports(report);
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    reportProblems(error, { playbook: '', version: '', json: false }, terminal);
    return 1;
  }
  const { stdout, stderr } = terminal;
  const database = openRecords(terminal);
  if (!database) return 1;
  const run = readRun(database, id);
  if (run && report.length > 0) writeReports(report, database, run.id);
  database.close();
  if (!run) {
    const what = id === undefined ? 'no run has been kept yet' : `there is no run ${id}`;
    writeLines(stderr, [what, '  hint: `provision runs` lists those that are kept']);
    return 1;
  }
  if (report.length > 0) {
    writeLines(stderr, [`report: ${report.join(', ')}`]);
    return 0;
  }
  const { paint, width } = stdout;
  const view = { paint, width, directory: process.cwd(), diff, now: new Date() };
  writeLines(
    stdout,
    json ? [jsonText({ type: 'run', format: recordFormat, ...run }, 2)] : runPage(run, view),
  );
  return 0;
}
