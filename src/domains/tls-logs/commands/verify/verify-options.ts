import type { RunOptions } from '../../../../cli/command-options.ts';

/** Options of `provision verify`. */
export interface VerifyOptions extends RunOptions {
  /** Reads all packets of the log servers meanwhile. */
  readonly wire?: boolean;
}
