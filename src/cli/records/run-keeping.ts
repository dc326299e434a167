import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Noted } from '../../records/run-record.ts';
import { databaseThere, RecordsDatabase } from '../../records/store/records-database.ts';
import { recordsPlace } from '../../records/store/records-place.ts';
import { RunRecorder } from '../../records/store/run-recorder.ts';
import { thisProcess } from '../../runner/control-process.ts';
import type { RunEvent } from '../../runner/events.ts';
import type { Tool } from '../tool.ts';

/** What is to be kept. */
export interface KeptRun {
  readonly command: string;
  /** As it was given; undefined for a command without a playbook. */
  readonly playbook: string | undefined;
  readonly check: boolean;
}

/** Begins to keep a run; undefined where runs are not kept. Whatever goes wrong with it is said once, and the run goes on. */
export async function keepRun(
  { command, playbook, check }: KeptRun,
  tool: Tool,
  say: (line: string) => void,
): Promise<RunRecorder | undefined> {
  const place = recordsPlace();
  if ('absent' in place) return undefined;
  if (!databaseThere()) {
    sayOnce(place.directory, say);
    return undefined;
  }
  const trouble = (why: string): void =>
    say(`warning: this run is not kept for \`provision runs\`: ${why}; PROVISION_RECORDS=off keeps none`);
  try {
    return new RunRecorder(RecordsDatabase.open(place.directory), {
      head: {
        command,
        playbook: playbook === undefined ? 'command line' : resolve(playbook),
        version: tool.version,
        check,
        process: thisProcess(),
      },
      noted: await notesOf(tool),
      trouble,
    });
  } catch (error) {
    trouble(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function notesOf({ domains }: Tool): Promise<(event: RunEvent) => readonly Noted[]> {
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
