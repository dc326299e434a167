import type { ScriptOutput } from '../shell/script-output.ts';
import type { Ask, ProbeKind } from './probe.ts';

/** One call of rsync on the control node, whose other end is the host of the task. */
export interface Transfer {
  /** The program on the control node. */
  readonly program: string;
  /** Its arguments; a path on the host has `HOST:` before it. */
  readonly words: readonly string[];
  /** The other end is begun by whoever logs in, whatever user the task becomes. */
  readonly asLogin?: boolean;
  /** Of rsync on the control node. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Asked by rsync on both sides, not by a program on the host: whoever sends programs makes these calls. */
export const transferKind: ProbeKind<Transfer, ScriptOutput> = {
  name: 'transfer',
  most: 1,
  program: () => ':',
  read: (output) => [output],
  inEnvironment: (question, environment) => ({ ...question, environment }),
};

/** Asks what rsync says of a transfer that changes nothing (`--dry-run`). */
export function dryTransfer(question: Transfer): Ask<ScriptOutput> {
  return { kind: transferKind, question };
}
