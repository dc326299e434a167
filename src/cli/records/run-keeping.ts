import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { thrownText } from '../../errors/thrown-text.ts';
import type { Noted } from '../../records/run-record.ts';
import { databaseThere, RecordsDatabase } from '../../records/store/records-database.ts';
import { recordsPlace } from '../../records/store/records-place.ts';
import { RunRecorder } from '../../records/store/run-recorder.ts';
import { thisProcess } from '../../runner/control-process.ts';
import type { RunEvent } from '../../runner/events.ts';
import type { Tool } from '../tool.ts';

/** What is to be kept. */
export interface RunToKeep {
  readonly command: string;
  /** As it was given; undefined for a command without a playbook. */
  readonly playbook: string | undefined;
  readonly check: boolean;
  /** Files that are written of it. */
  readonly reports: readonly string[];
}

/** A run that is being kept. */
export interface KeptRun {
  /** Takes an event that has been redacted. */
  take(event: RunEvent): void;
  /** Writes what is left, and the reports; gives the exit code of the command. */
  end(exitCode: number): Promise<number>;
}

/** Begins to keep a run; undefined where nothing is kept. Whatever goes wrong with it is said once, and the run goes on. */
export async function keepRun(
  run: RunToKeep,
  tool: Tool,
  say: (line: string) => void,
): Promise<KeptRun | undefined> {
  const { reports } = run;
  const database = openDatabase(say) ?? (reports.length > 0 ? RecordsDatabase.inMemory() : undefined);
  if (!database) return undefined;
  const recorder = new RunRecorder(database, {
    head: {
      command: run.command,
      playbook: run.playbook === undefined ? 'command line' : resolve(run.playbook),
      version: tool.version,
      check: run.check,
      process: thisProcess(),
    },
    noted: await notesOf(tool),
    trouble: (why) => say(troubleText(why)),
  });
  return {
    take: (event) => recorder.take(event),
    end: async (exitCode) => {
      const id = recorder.end(exitCode);
      if (reports.length === 0) return exitCode;
      try {
        if (id === undefined) throw new Error('the run was not kept');
        const { writeReports } = await import('./report-files.ts');
        writeReports(reports, database, id);
        say(`report: ${reports.join(', ')}`);
        return exitCode;
      } catch (error) {
        say(`the report could not be written: ${thrownText(error)}`);
        return exitCode === 0 ? 1 : exitCode;
      }
    },
  };
}

function openDatabase(say: (line: string) => void): RecordsDatabase | undefined {
  const place = recordsPlace();
  if ('absent' in place) {
    if (place.mistaken) say(`warning: this run is not kept for \`provision runs\`: ${place.absent}`);
    return undefined;
  }
  if (!databaseThere()) {
    sayOnce(place.directory, say);
    return undefined;
  }
  try {
    return RecordsDatabase.open(place.directory);
  } catch (error) {
    say(troubleText(thrownText(error)));
    return undefined;
  }
}

function troubleText(why: string): string {
  return `warning: this run is not kept for \`provision runs\`: ${why}; PROVISION_RECORDS=off keeps none`;
}

/** What the domains note of events, beside tasks and hosts. */
export async function notesOf({ domains }: Tool): Promise<(event: RunEvent) => readonly Noted[]> {
  const all = await Promise.all(domains.map((domain) => domain.notes?.()));
  return (event) => all.flatMap((noted) => noted?.(event) ?? []);
}

// Once for each Node: it does not change from run to run.
function sayOnce(directory: string, say: (line: string) => void): void {
  const mark = join(directory, `without-sqlite-${process.version}`);
  if (existsSync(mark)) return;
  say(
    `warning: runs are not kept for \`provision runs\`: Node ${process.version} was built without SQLite (node:sqlite); this is said once`,
  );
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(mark, '');
  } catch {
    // Then it is said again.
  }
}
