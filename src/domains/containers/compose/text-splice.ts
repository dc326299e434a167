/** A stretch of a text, and what stands there instead. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Takes line ends as the text has them. */
export function spliced(text: string, { from, to, text: put }: Splice): string {
  const fitted = text.includes('\r\n') ? put.replaceAll('\n', '\r\n') : put;
  return text.slice(0, from) + fitted + text.slice(to);
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line ends on which something ends: before its line break, behind a comment. */
export function lineEnd(text: string, end: number): number {
  const from = end > 0 && text[end - 1] === '\n' ? end - 1 : end;
  const found = text.indexOf('\n', from);
  const at = found < 0 ? text.length : found;
  return at > 0 && text[at - 1] === '\r' ? at - 1 : at;
}

/** Characters before an offset on its line. */
export function column(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Whether nothing but spaces stands before an offset on its line. */
export function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** Lines moved to the right. */
export function indented(lines: string, columns: number): string {
  return lines.replaceAll(/^(?=.)/gm, ' '.repeat(columns));
}
