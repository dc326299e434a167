import { ExpectedError } from '../errors/expected-error.ts';
import type { ScriptOutput } from '../shell/script-output.ts';

/** The host's answer to a question cannot be used; the message says what was asked and what came. */
export class ProbeError extends ExpectedError {}

/** Why a section that ended with a code other than 0 answers nothing; undefined when it did not fail. */
export function probeFailure({ code, stderr, stdout }: ScriptOutput, asked: string): ProbeError | undefined {
  if (code === 0) return undefined;
  const said = stderr.trim() || stdout.trim() || 'no message';
  return new ProbeError(`checking ${asked} failed with exit code ${code}: ${said}`);
}
