import { padTo, textWidth, wrapWords } from '../../../../report/fitted-text.ts';

/** A label and what it stands for; '' goes on with the label above. */
export type Row = readonly [label: string, text: string];

/** Rows with their texts in one column, wrapped there to a width in columns. */
export function labelled(rows: readonly Row[], width: number): string[] {
  const column = Math.max(...rows.map(([label]) => textWidth(label))) + 4;
  return rows.flatMap(([label, text]) =>
    wrapWords(text, width - column).map(
      (line, place) => padTo(place === 0 ? `  ${label}` : '', column) + line,
    ),
  );
}

/** A SHA-256 fingerprint with a place to wrap it: its 95 columns are too many for most terminals. */
export function wrappable(fingerprint256: string): string {
  return fingerprint256.replace(/^(.{47}):/, '$1: ');
}
