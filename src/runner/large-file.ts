import type { FileStep } from '../resources/step.ts';
import { ownershipOf } from '../resources/step-script.ts';
import { putScript } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { type Ends, type Session, type StreamStyle, streamed } from './streamed.ts';

// In a program it would be text, a third longer, and in memory several times.
const largeContent = 1024 * 1024;

/** Whether a file comes to the host as it is, by a channel of its own, not within a program. */
export function isLarge({ content }: Pick<FileStep, 'content'>): boolean {
  return content.length >= largeContent;
}

/** Writes a file as a step in a program does, from the bytes of a channel. */
export async function writeLargeFile(
  ends: Ends,
  session: Session,
  step: FileStep,
  { prelude, ...style }: Omit<StreamStyle, 'readOnly'> & { readonly prelude: string },
): Promise<ScriptOutput> {
  const size = step.content.length;
  // When the connection breaks the bytes end early.
  const source = `head -c ${size} && [ "$(wc -c <"$provision_new")" -eq ${size} ]`;
  // What it says then reaches nobody: that must not end it before it has tidied up.
  const script = `trap : PIPE\n${prelude}\n${putScript(step.path, source, ownershipOf(step), step.validate)}`;
  const what = `writing ${step.path}`;
  return await streamed(ends, session, { ...style, readOnly: false, what }, async (begin) => {
    const { stdin, stdout, ended } = await begin(`( eval ${quote(script)} )`);
    stdout.resume();
    stdin.end(step.content);
    return { ...(await ended), stdout: '' };
  });
}
