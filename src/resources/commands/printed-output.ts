import type { ScriptOutput } from '../../shell/script-output.ts';
import type { Json } from '../resource.ts';

/** An output line by line, as results have it. */
export function outputLines(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split(/\r?\n/);
}

/** The keys of what `register` sees of a module that tells what its program printed. */
export const printedKeys = ['stdout', 'stderr', 'stdout_lines', 'stderr_lines'] as const;

/** What `register` sees of what the last step printed; nothing where nothing was run. */
export function printedResult(outputs: readonly ScriptOutput[]): { readonly [key: string]: Json } {
  const output = outputs.at(-1);
  if (!output) return {};
  const { stdout, stderr } = output;
  return { stdout, stderr, stdout_lines: outputLines(stdout), stderr_lines: outputLines(stderr) };
}
