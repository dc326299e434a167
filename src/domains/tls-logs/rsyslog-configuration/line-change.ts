import type { ConfigurationFiles } from './effective-configuration.ts';

/** One line of a file that is changed; `text` is what it must be now. */
export interface LineChange {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** In its place; none removes it. */
  readonly lines: readonly string[];
}

/** The text of a line of a file, counted from 1; empty when there is none. */
export function lineOf(files: ConfigurationFiles, file: string, line: number): string {
  return files.get(file)?.split('\n')[line - 1] ?? '';
}
