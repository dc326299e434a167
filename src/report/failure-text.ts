import type { TaskResult } from '../runner/events.ts';
import { wrapWords } from './fitted-text.ts';
import type { Paint } from './paint.ts';

const tailLines = 10;

/** The line that shows at once that a task failed on a host; a failure that is let pass is explained in it. */
export function failureLine(result: TaskResult, paint: Paint, width: number): string {
  const word = result.ignored ? 'ignored' : 'FAILED';
  const head = `  ${paint('red', word.padEnd(9))} ${paint('bold', `${result.name}${itemText(result)}`)} on ${paint('bold', result.host)}`;
  if (!result.ignored) return head;
  const body = failureBody({ ...result, item: undefined }, width - 12);
  return [head, ...body.map((line) => `            ${line}`.trimEnd())].join('\n');
}

/** Why an item of a task failed, and the end of its output. */
export function failureBody(
  {
    item,
    message = 'no reason was given',
    output,
  }: Pick<TaskResult, 'message' | 'output'> & { readonly item?: string | undefined },
  width: number,
): readonly string[] {
  const lead = item === undefined ? '' : `(${item}) `;
  return [...wrapWords(`${lead}${message}`, width), ...outputTail(output, message, tailLines)];
}

function itemText({ item }: TaskResult): string {
  return item === undefined ? '' : ` (${item})`;
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
