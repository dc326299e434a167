import { accessSync, constants, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProvisionError } from '../../errors/problem.ts';
import { runHtml } from '../../records/pages/html/run-html.ts';
import { junit } from '../../records/pages/junit.ts';
import { markdown } from '../../records/pages/markdown.ts';
import type { RunView } from '../../records/pages/run-view.ts';
import { databaseThere, type RecordsDatabase } from '../../records/store/records-database.ts';
import { readRun, readRuns } from '../../records/store/run-reading.ts';

const earlierShown = 20;

/** Refuses files that could not be written when the run is over. Throws `ProvisionError`. */
export function checkReports(files: readonly string[]): void {
  const problems = files.flatMap((file) => {
    const why = obstacle(file);
    return why === undefined
      ? []
      : [{ code: 'unwritable-report' as const, message: `--report ${file}: ${why}` }];
  });
  if (problems.length > 0) throw new ProvisionError(problems);
}

function obstacle(file: string): string | undefined {
  if (!databaseThere())
    return `Node ${process.version} was built without SQLite (node:sqlite), which it needs`;
  const directory = dirname(file);
  try {
    accessSync(directory, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? `there is no directory ${directory}` : `${directory} cannot be written to`;
  }
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ? 'that is a directory' : undefined;
}

/** Writes a run that is kept as files, each as its ending says. Throws what the file system says. */
export function writeReports(files: readonly string[], database: RecordsDatabase, id: number): void {
  const run = readRun(database, id);
  if (!run) throw new Error(`there is no run ${id}`);
  const runs = readRuns(database, { playbook: run.playbook, last: earlierShown + 1 });
  writeViews(files, {
    run,
    earlier: runs.filter((one) => one.id < id).slice(0, earlierShown),
    now: new Date(),
  });
}

/** Writes what is seen of a run as files, each as its ending says. Throws what the file system says. */
export function writeViews(files: readonly string[], view: RunView): void {
  for (const file of files) {
    // It may show what only the owner of a changed file may read.
    writeFileSync(`${file}.new`, textFor(file, view), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

function textFor(file: string, view: RunView): string {
  if (file.endsWith('.html')) return runHtml(view);
  return file.endsWith('.xml') ? junit(view) : markdown(view);
}
