import type { Readable, Writable } from 'node:stream';

/** A shell that waits for programs. */
export interface ProgramChannel {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Reports the exit code of the shell; 128 and more for a signal. */
  onExit(listener: (code: number) => void): void;
  /** Reports that no output will come any more. */
  onClose(listener: () => void): void;
  /** Why it closed without an exit code. */
  lostReason(): string;
  /** Gives it up, though a child may hold it open. */
  close(): void;
}
