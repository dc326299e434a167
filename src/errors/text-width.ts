let graphemes: Intl.Segmenter | undefined;
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** One character as the reader sees it and how many columns of a terminal it takes. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  /** Offset of its first UTF-16 unit in the text. */
  readonly offset: number;
}

/** Cuts text into characters with their width; tabs become spaces up to the next stop, control characters `?`. */
export function cells(text: string, tabWidth = 4): Cell[] {
  const result: Cell[] = [];
  let column = 0;
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment, index } of graphemes.segment(text)) {
    const width = segment === '\t' ? tabWidth - (column % tabWidth) : wide.test(segment) ? 2 : 1;
    const control = /^[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(segment);
    result.push({
      text: segment === '\t' ? ' '.repeat(width) : control ? '?' : segment,
      width,
      offset: index,
    });
    column += width;
  }
  return result;
}

/** Columns of a terminal that text takes. */
export function textWidth(text: string): number {
  return cells(text).reduce((sum, { width }) => sum + width, 0);
}
