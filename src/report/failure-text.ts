import type { TaskResult } from '../runner/events.ts';
import { wrapWords } from './fitted-text.ts';
import type { Paint } from './paint.ts';

const tailLines = 10;

/** A task that failed on a host, shown at once: what, on which host, why, and the end of its output. */
export function failureText(result: TaskResult, paint: Paint, width: number): string {
  const word = result.ignored ? 'ignored' : 'FAILED';
  const item = result.item === undefined ? '' : ` (${result.item})`;
  const head = `  ${paint('red', word.padEnd(9))} ${paint('bold', `${result.name}${item}`)} on ${paint('bold', result.host)}`;
  const message = result.message ?? 'no reason was given';
  const body = [...wrapWords(message, width - 12), ...outputTail(result.output, message, tailLines)];
  return [head, ...body.map((line) => `            ${line}`.trimEnd())].join('\n');
}

/** The last lines of what a command printed, with where they come from; what the message already says is left out. */
export function outputTail(output: TaskResult['output'], message: string, lines: number): readonly string[] {
  if (!output) return [];
  const streams = (['stdout', 'stderr'] as const).flatMap((stream) => {
    const text = output[stream].trimEnd();
    if (text === '' || message.includes(text)) return [];
    const all = text.split('\n');
    const shown = all.slice(-lines);
    const note = shown.length < all.length ? ` (last ${lines} of ${all.length} lines; all with --json)` : '';
    return [`${stream}${note}:`, ...shown.map((line) => `  ${line}`)];
  });
  const code =
    output.code === 0 || /\b(?:exit|code|status|rc)\b/i.test(message) ? [] : [`exit code ${output.code}`];
  return [...code, ...streams];
}
