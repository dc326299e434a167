import { type RunRecord, recordFormat } from '../../records/run-record.ts';
import { runPage } from '../../records/screen/run-page.ts';
import { jsonText } from '../../report/json-text.ts';
import { type Output, writeFitted, writeLines } from '../../report/screen.ts';
import type { ShowOptions } from './records-options.ts';

/** Writes all that is kept of a run, for people or as JSON: whoever kept it, it looks the same. */
export function writeRun(run: RunRecord, { diff = false, json }: ShowOptions, stdout: Output): void {
  const { paint, width } = stdout;
  const view = { paint, width, directory: process.cwd(), diff, now: new Date() };
  if (json) writeLines(stdout, [jsonText({ type: 'run', format: recordFormat, ...run }, 2)]);
  else writeFitted(stdout, runPage(run, view));
}
