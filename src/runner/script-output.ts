import type { ScriptOutput } from '../resources/resource.ts';
import type { HostOutput } from './host-session.ts';

/** What a section printed, as text; one that gave no output at all counts as failed. */
export function scriptOutput(output: HostOutput | undefined): ScriptOutput {
  if (!output) return { code: 1, stdout: '', stderr: '' };
  const { code, stdout, stderr, refused } = output;
  const text = { code, stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') };
  return refused === undefined ? text : { ...text, refused };
}
