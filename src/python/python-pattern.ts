import { type PatternFlags, PatternReader } from './pattern-reader.ts';

/**
 * A regular expression of Python's `re` as one of JavaScript's that finds the same.
 * Throws SyntaxError with what cannot be read or has no counterpart.
 * @param finding flags of JavaScript that say how it is used: `g`, `y`, `d`
 */
export function pythonPattern(source: string, flags: PatternFlags = {}, finding = ''): RegExp {
  const { pattern, ignorecase } = new PatternReader(source, flags).read();
  return new RegExp(pattern, `${finding}${ignorecase ? 'i' : ''}v`);
}
