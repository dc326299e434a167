import type { ScriptOutput } from '../shell/script-output.ts';
import type { HostOutput } from './host-section.ts';

/** The end of a failed script in a few lines: the first line of a long text says what failed, the last ones why it ended. */
export function failureText({ code, stderr, stdout, refused }: ScriptOutput): string {
  if (refused !== undefined) return refused;
  const lines = (stderr.trim() || stdout.trim()).split('\n');
  const said = (lines.length > 5 ? [lines[0], '...', ...lines.slice(-4)] : lines).join('\n');
  return said ? `exit code ${code}: ${said}` : `exit code ${code}`;
}

/** What a section printed, as text; one that gave no output at all counts as failed. */
export function scriptOutput(output: HostOutput | undefined): ScriptOutput {
  if (!output) return { code: 1, stdout: '', stderr: '' };
  const { code, stdout, stderr, ran, refused, endedAfter } = output;
  const text = {
    code,
    stdout: stdout.toString('utf8'),
    stderr: stderr.toString('utf8'),
    ...(ran && { ran }),
  };
  if (refused === undefined) return text;
  return { ...text, refused, ...(endedAfter !== undefined && { endedAfter }) };
}
