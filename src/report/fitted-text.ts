import { stripVTControlCharacters } from 'node:util';
import { textWidth as exactWidth } from '../errors/text-width.ts';

/** Columns that a text without escape sequences takes on a terminal; quick for plain text, which is nearly all. */
export function textWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : exactWidth(text);
}

/** Fills up with spaces to a width in columns; never shortens. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** Shortens to a width in columns, with an ellipsis for what is left out. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Breaks a text between words so that each line fits a width; a longer word keeps its line to itself. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    const indent = /^\s*/.exec(paragraph)?.[0] ?? '';
    let line = '';
    for (const word of paragraph.trim().split(/ +/)) {
      if (line === '') line = indent + word;
      else if (textWidth(line) + 1 + textWidth(word) <= width) line += ` ${word}`;
      else {
        lines.push(line);
        line = indent + word;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** A line that is wider than a terminal, broken between words and indented further; one that fits stays as it is. */
export function hangingLines(line: string, width: number): readonly string[] {
  if (paintedWidth(line) <= width) return [line];
  const indent = `${/^ */.exec(line)?.[0]}    `;
  const lines = [''];
  for (const [piece, gap = '', word = ''] of line.matchAll(/( *)([^ ]*)/g)) {
    const last = lines.at(-1) ?? '';
    const fits = last.trim() === '' || paintedWidth(last + piece) <= width;
    if (fits) lines[lines.length - 1] = last + (last === indent ? word : gap + word);
    else lines.push(indent + word);
  }
  return lines.map((one) => one.trimEnd());
}

function paintedWidth(text: string): number {
  return textWidth(stripVTControlCharacters(text));
}
