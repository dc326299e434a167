import type { Reach } from './reach-record.ts';

/** How a run of `provision certs`, or of `apply`, ended. */
export interface RunEnd extends Reach {
  /** 0 ok; 1 could not be run; 2 something is due (certs) or a host failed (apply); 4 a host was not reached; 130 interrupted. */
  readonly code: number;
  /** Of the missed: those that answered, and cannot be used all the same (their host key, our key). */
  readonly refused: readonly string[];
}

/** The two runs that a scheduled run is made of. */
export interface DueRuns {
  /** `provision certs`. */
  certs(): Promise<RunEnd>;
  /** `provision apply --tags certificates`. */
  apply(): Promise<RunEnd>;
  /** The last apply did not finish on every host: what it began is ended, though nothing may look due. */
  readonly unfinished: boolean;
  /** Writes to the journal what was decided. */
  say(line: string): void;
}

/**
 * Applies when something is due, or when the last apply is unfinished, then asks again: what is still due after
 * that is a failure (2), whatever the run said.
 */
export async function runWhenDue({ certs, apply, unfinished, say }: DueRuns): Promise<RunEnd> {
  const first = await certs();
  if (first.code === 0) say('nothing is due');
  if (first.code === 4) say('nothing is due on the hosts that were reached');
  const resumes = unfinished && (first.code === 0 || first.code === 4);
  if (first.code !== 2 && !resumes) return first;
  say(
    resumes
      ? 'the last apply did not finish on every host: applying the tasks with the tag certificates'
      : 'something is due: applying the tasks with the tag certificates',
  );
  const applied = await apply();
  if (applied.code !== 0 && applied.code !== 4) return applied;
  const second = await certs();
  if (second.code === 2) say('something is still due, although it was applied: see the table above');
  return second;
}
