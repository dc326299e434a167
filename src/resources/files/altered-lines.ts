import { editableText } from './edited-file.ts';
import { cutLines, joinLines } from './line-edit.ts';

/** The lines of a file's content; none where there is no file. */
export function contentLines(content: Buffer | undefined): readonly string[] {
  return cutLines(editableText(content ?? Buffer.alloc(0)).text).lines;
}

/**
 * A file's content with its lines altered, each ended; the content itself where that changes none of them.
 * @param alter gets with the lines what fits a word to the file's encoding
 */
export function alteredLines(
  content: Buffer | undefined,
  alter: (lines: readonly string[], fit: (word: string) => string) => readonly string[],
): Buffer | undefined {
  const { text, encode, fit } = editableText(content ?? Buffer.alloc(0));
  const { lines } = cutLines(text);
  const now = alter(lines, fit);
  const same = now.length === lines.length && now.every((line, index) => line === lines[index]);
  return same ? content : encode(joinLines(now));
}
