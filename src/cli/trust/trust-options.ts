import type { PlaybookOptions } from '../command-options.ts';

/** Options of `provision trust`. */
export interface TrustOptions extends PlaybookOptions {
  /** Fingerprints that somebody has compared already. */
  readonly accept?: readonly string[];
  readonly sshConfig?: string;
  /** Seconds. */
  readonly connectTimeout: number;
}
