import type { RunOutcome } from '../runner/request.ts';

/** With `--detailed-exitcode` 2 means changes, so a run that went wrong is 1. */
export function exitCodeOf({ exitCode, changed }: RunOutcome, detailed: boolean): number {
  if (!detailed || exitCode === 130 || exitCode === 124) return exitCode;
  if (exitCode !== 0) return 1;
  return changed ? 2 : 0;
}
