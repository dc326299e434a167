import { readFileSync } from 'node:fs';

/**
 * When a process of this machine began, in the kernel's ticks: its number may belong to another one by now.
 * Undefined when there is none, or only its remains, or where nothing says so.
 */
export function startOfProcess(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything.
    const [state, ...words] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' || state === 'X' ? undefined : words[18];
  } catch {
    return undefined;
  }
}
