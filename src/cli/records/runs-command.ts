import { resolve } from 'node:path';
import { recordFormat } from '../../records/run-record.ts';
import { runList } from '../../records/screen/run-list.ts';
import { readRuns } from '../../records/store/run-reading.ts';
import { jsonText } from '../../report/json-text.ts';
import { writeFitted, writeLines } from '../../report/screen.ts';
import { openTerminal } from '../terminal.ts';
import { openRecords } from './records-opening.ts';
import type { RunsOptions } from './records-options.ts';

/** `provision runs`: the latest runs, the newest first; returns the exit code. */
export function listRuns(playbook: string | undefined, { last, json, color }: RunsOptions): number {
  const terminal = openTerminal(color);
  const { stdout, stderr } = terminal;
  const database = openRecords(terminal);
  if (!database) return 1;
  const runs = readRuns(database, { last, ...(playbook !== undefined && { playbook: resolve(playbook) }) });
  database.close();
  if (json) {
    writeLines(stdout, [jsonText({ type: 'runs', format: recordFormat, runs }, 2)]);
    return 0;
  }
  const none = playbook === undefined ? 'no run has been kept yet' : `no run of ${playbook} has been kept`;
  if (runs.length === 0)
    writeFitted(stderr, [`${none}; \`provision plan\` and \`provision apply\` keep theirs`]);
  else
    writeLines(stdout, runList(runs, { paint: stdout.paint, width: stdout.width, directory: process.cwd() }));
  return 0;
}
