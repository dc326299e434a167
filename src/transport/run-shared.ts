import type { ParsedKey } from 'ssh2';
import type { ConnectOptions } from './connection.ts';

/** What all connections of a run have in common, so that nobody is asked twice and a jump host is connected once. */
export interface RunShared<JumpHost> {
  readonly jumpHosts: Map<string, JumpHost>;
  /** Decrypted keys by file; undefined: no passphrase was given. */
  readonly privateKeys: Map<string, Promise<ParsedKey | undefined>>;
  /** Ends when the terminal is free for the next question. */
  question: Promise<unknown>;
}

const runs = new WeakMap<ConnectOptions, RunShared<unknown>>();

/** The shared things of the run that these options belong to. */
export function runShared<JumpHost>(options: ConnectOptions): RunShared<JumpHost> {
  const known = runs.get(options);
  if (known) return known as RunShared<JumpHost>;
  const fresh: RunShared<JumpHost> = {
    jumpHosts: new Map(),
    privateKeys: new Map(),
    question: Promise.resolve(),
  };
  runs.set(options, fresh);
  return fresh;
}
