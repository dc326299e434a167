import { ProvisionError } from '../../errors/problem.ts';
import { readRun } from '../../records/store/run-reading.ts';
import { writeLines } from '../../report/screen.ts';
import { reportProblems } from '../problem-output.ts';
import { openTerminal } from '../terminal.ts';
import { openRecords } from './records-opening.ts';
import type { ShowOptions } from './records-options.ts';
import { checkReports, writeReports } from './report-files.ts';
import { writeRun } from './shown-run.ts';

/** `provision show RUN`: all that is kept of a run; returns the exit code. */
export function showRun(id: number | undefined, options: ShowOptions): number {
  const { report = [], color } = options;
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
  writeRun(run, options, stdout);
  return 0;
}
