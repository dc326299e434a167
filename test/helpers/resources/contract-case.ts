import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that a resource is to bring about with a hostile word, in a directory of its own. */
export interface ContractCase {
  /** Brings the directory into a state that differs. */
  readonly before?: (directory: string, word: string) => void;
  readonly args: (directory: string, word: string) => object;
  /** Arguments that the engine adds. */
  readonly extra?: (word: string) => object;
  /** What the host has in its environment. */
  readonly environment?: (directory: string) => Record<string, string>;
  /** What must be true afterwards. */
  readonly after: (directory: string, word: string) => void;
}

/** The content of a file in the directory of a case. */
export function contentOf(directory: string, name: string): string {
  return readFileSync(join(directory, name), 'utf8');
}

/** The file of the control node that an argument names. */
export function sourceOf(word: string): object {
  return { source_file: { path: 'x', content: Buffer.from(`${word}\n`) } };
}
