import type { RunOptions } from '../../../../cli/command-options.ts';

/** Options of `provision status`. */
export interface StatusOptions extends Omit<RunOptions, 'watch'> {
  /** Seconds from look to look; true: the usual ones. */
  readonly watch?: number | true;
  readonly silentHours: number;
  readonly warnDays: number;
}
