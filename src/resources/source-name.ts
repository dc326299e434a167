import { splitWords } from './commands/word-split.ts';
import type { SourceArgument } from './resource.ts';

/** The file of the control node that an argument names; undefined where it names none. */
export function sourceName({ firstWord }: SourceArgument, given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined;
  return firstWord ? splitWords(given)?.[0] : given;
}

/**
 * Whether the other arguments say that the name is a path on the host.
 * @param holds whether an argument has that value
 */
export function isOnHost(
  { unless = {} }: SourceArgument,
  holds: (argument: string, value: boolean) => boolean,
): boolean {
  return Object.entries(unless).some(([argument, value]) => holds(argument, value));
}
