import type { RunOptions } from '../../../../cli/command-options.ts';

/** Options of a run, with what the domain adds. */
export interface CaRunOptions extends RunOptions {
  readonly caPassphraseFile?: string;
}

/** Options of every command of `provision ca`. */
export interface CaOptions {
  readonly directory: string;
  readonly color: boolean;
}

/** Options of commands that sign, or that seal a new key as the present one is sealed. */
export interface CaKeyOptions extends CaOptions {
  readonly passphraseFile?: string;
}

/** What may be said about a new root. */
interface RootOptions {
  readonly name?: string;
  readonly days?: number;
  readonly permit?: readonly string[];
}

export interface CaInitOptions extends CaOptions, RootOptions {
  readonly passphrase?: boolean;
  readonly passphraseFile?: string;
}

export interface CaShowOptions extends CaOptions {
  readonly json?: boolean;
}

export interface CaIssueOptions extends CaKeyOptions {
  readonly out?: string;
  readonly days: number;
  readonly server?: boolean;
  readonly csr?: string;
}

export interface CaRenewOptions extends CaKeyOptions, RootOptions {
  readonly keepKey?: boolean;
  readonly newPassphrase?: boolean;
  readonly newPassphraseFile?: string;
}

export interface CaRevokeOptions extends CaKeyOptions {
  readonly renewCa?: boolean;
}
