import type { Transfer } from '../probes/transfer.ts';
import type { Ownership } from '../shell/put.ts';

/** sh code that makes a change; safe to run again. */
export interface ScriptStep {
  readonly kind: 'script';
  readonly script: string;
}

/** Writes a whole file; files that follow each other in a queue are staged, owned, flushed and renamed together. */
export interface FileStep {
  readonly kind: 'file';
  /** Absolute; its directory is there. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly ownership: Ownership;
  /** Who may do what with the file that is replaced; undefined when there is none. */
  readonly replaced: { readonly uid: number; readonly gid: number; readonly mode: number } | undefined;
  /** sh code that gets the new file's path as `$1`; non-zero leaves the old file alone. */
  readonly validate?: string;
}

/**
 * Makes a change while the hosts that send to this one are held, so that nothing that they send is lost.
 * When a host cannot be held nothing is changed, and the others are released.
 */
export interface HeldStep {
  readonly kind: 'held';
  /** Inventory names of the hosts to hold; those that this run cannot or may not reach are named in a warning. */
  readonly hosts: readonly string[];
  /** Runs on each of them first; puts a dead-man in place before it stops anything, so that no host stays held. */
  readonly hold: string;
  /** Seconds that `hold` and `release` may take each; a host that needs longer is not waited for. */
  readonly patience: number;
  /** Runs on this host when all are held; `$provision_unheld` counts those that could not be. Its stderr is shown. */
  readonly script: string;
  /** Runs on each of them afterwards, whatever became of `script`. */
  readonly release: string;
}

/** Ends the host's system and waits until it is back; its connection and its lock are new then. */
export interface RebootStep {
  readonly kind: 'reboot';
  /** sh code that says which boot this is. */
  readonly boot: string;
  /** sh code that begins the reboot and ends at once. */
  readonly script: string;
  /** sh code that succeeds once the host can be worked with. */
  readonly test: string;
  /** Seconds that it may take altogether, and those that are waited behind it. */
  readonly patience: number;
  readonly settle: number;
}

/** A step that only a domain's own executor can make: its kind is `DOMAIN:WORD`. */
export interface DomainStep {
  readonly kind: `${string}:${string}`;
}

/** Writes a file of the control node. */
export interface ControlFileStep {
  readonly kind: 'control-file';
  /** Absolute; missing directories above it are made. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** Copies files between the control node and the host, with rsync on both sides. */
export interface TransferStep extends Transfer {
  readonly kind: 'transfer';
}

/** What can be run, in any order and number. */
export type Step =
  | ScriptStep
  | FileStep
  | ControlFileStep
  | HeldStep
  | RebootStep
  | TransferStep
  | DomainStep;
