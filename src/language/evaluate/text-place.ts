import type { Position } from '../../errors/problem.ts';
import type { Span } from '../../jinja/values/template-error.ts';
import type { Source } from '../model.ts';
import { LineIndex } from '../source/yaml/line-index.ts';

const indexes = new Map<string, { readonly text: string; readonly index: LineIndex }>();

function indexOf(file: string, text: string): LineIndex {
  const known = indexes.get(file);
  if (known?.text === text) return known.index;
  const index = new LineIndex(file, text);
  indexes.set(file, { text, index });
  return index;
}

/** The place of a span in a file whose whole text the template is. */
export function placeInFile(file: string, text: string, span: Span): Position {
  return indexOf(file, text).position(span.at, Math.max(span.at + 1, span.end));
}

function occurrencesBefore(text: string, word: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf(word); at >= 0 && at < end; at = text.indexOf(word, at + 1)) count += 1;
  return count;
}

/**
 * The place in a YAML file of a span of one of its texts. Quotes, escapes and indents shift a text in its file, so the
 * words of the span are looked for: the same occurrence counted from where the text begins.
 */
function placeInYaml(start: Position, text: string, span: Span, fileText: string | undefined): Position {
  if (fileText === undefined) return start;
  const index = indexOf(start.file, fileText);
  const base = index.lineStart(start.line) + start.column - 1;
  const verbatim = fileText.indexOf(text, base);
  if (verbatim >= 0 && verbatim - base <= 1) return index.position(verbatim + span.at, verbatim + span.end);
  const [word = ''] = text.slice(span.at, span.end).split('\n');
  if (word === '') return start;
  const limit = base + 2 * text.length + 2000;
  let at = base - 1;
  for (let left = occurrencesBefore(text, word, span.at); left >= 0; left -= 1) {
    at = fileText.indexOf(word, at + 1);
    if (at < 0 || at > limit) return start;
  }
  return index.position(at, at + word.length);
}

const longest = 100;

/** The expression in a text that a span is a part of, braces included, on one line and not too long to be shown. */
export function expressionAt(text: string, { at, end }: Span): string {
  const open = Math.max(text.lastIndexOf('{{', at), text.lastIndexOf('{%', at));
  const close = text.slice(end).search(/[}%]\}/);
  const whole = open >= 0 && close >= 0 ? text.slice(open, end + close + 2) : text;
  const line = whole.replaceAll(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line;
}

/** The place of a span of a text that stands somewhere in a YAML value. */
export function placeInSource(
  source: Source,
  path: readonly (string | number)[],
  text: string,
  span: Span | undefined,
  sources: ReadonlyMap<string, string>,
): Position {
  const start = source.at(...path);
  return span ? placeInYaml(start, text, span, sources.get(start.file)) : start;
}
