import { lexExpression, syntaxError, type Token } from '../expression/expression-lexer.ts';
import { literalPattern } from '../values/literal-pattern.ts';
import { type TemplateSettings, usualSettings } from './template-settings.ts';

/** A stretch of text, an output `{{ }}` or a statement `{% %}`. */
export type TemplatePiece =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'output' | 'statement';
      readonly tokens: readonly Token[];
      readonly at: number;
      readonly end: number;
    };

/** The marks of a template as patterns. */
interface Marks {
  readonly opener: RegExp;
  readonly outputCloser: RegExp;
  readonly statementCloser: RegExp;
  readonly rawStart: RegExp;
  readonly rawEnd: RegExp;
}

function marksOf(settings: TemplateSettings): Marks {
  const opening = [
    settings.variable_start_string,
    settings.block_start_string,
    settings.comment_start_string,
  ].sort((a, b) => b.length - a.length);
  const open = literalPattern(settings.block_start_string);
  const close = literalPattern(settings.block_end_string);
  return {
    opener: new RegExp(opening.map(literalPattern).join('|'), 'g'),
    outputCloser: new RegExp(`[-+]?${literalPattern(settings.variable_end_string)}`, 'y'),
    statementCloser: new RegExp(`[-+]?${close}`, 'y'),
    rawStart: new RegExp(`${open}[-+]?\\s*raw\\s*([-+]?)${close}`, 'y'),
    rawEnd: new RegExp(`${open}([-+]?)\\s*endraw\\s*([-+]?)${close}`, 'g'),
  };
}

const usualMarks = marksOf(usualSettings);

/**
 * Cuts a template at its marks. Line breaks behind statements and comments are dropped (`trim_blocks`), spaces before
 * them are kept, as Ansible's template module does, unless the settings say otherwise.
 * @param start where it begins
 * @param literal backslashes in its strings stand for themselves
 */
export function lexTemplate(
  source: string,
  settings = usualSettings,
  start = 0,
  literal = false,
): TemplatePiece[] {
  const { opener, outputCloser, statementCloser, rawStart, rawEnd } =
    settings === usualSettings ? usualMarks : marksOf(settings);
  const pieces: TemplatePiece[] = [];
  let from = start;
  let strip: 'none' | 'line' | 'all' = 'none';
  const addText = (end: number, sign: string, block: boolean): void => {
    let text = source.slice(from, end).replaceAll(/\r\n?/g, '\n');
    if (strip === 'line') text = text.replace(/^\n/, '');
    if (strip === 'all') text = text.trimStart();
    if (sign === '-') text = text.trimEnd();
    else if (settings.lstrip_blocks && block && sign !== '+') {
      const line = Math.max(start, source.lastIndexOf('\n', end - 1) + 1);
      const blank = line >= from && /^[ \t]*$/.test(source.slice(line, end));
      if (blank) text = text.replace(/[ \t]+$/, '');
    }
    if (text !== '') pieces.push({ type: 'text', text });
  };
  const stripAfter = (closer: string): typeof strip =>
    closer.startsWith('-') ? 'all' : closer.startsWith('+') || !settings.trim_blocks ? 'none' : 'line';
  for (;;) {
    opener.lastIndex = from;
    const found = opener.exec(source);
    const at = found?.index ?? source.length;
    const mark = found?.[0] ?? '';
    const sign = source[at + mark.length] ?? '';
    addText(at, mark === '' ? '' : sign, mark !== '' && mark !== settings.variable_start_string);
    if (!found) return pieces;
    rawStart.lastIndex = at;
    const raw = rawStart.exec(source);
    if (raw) {
      from = at + raw[0].length;
      strip = stripAfter(raw[1] ?? '');
      rawEnd.lastIndex = from;
      const end = rawEnd.exec(source);
      if (!end) throw syntaxError("'raw' is never ended with 'endraw'", at, from);
      addText(end.index, end[1] ?? '', true);
      strip = stripAfter(end[2] ?? '');
      from = end.index + end[0].length;
    } else if (mark === settings.comment_start_string) {
      const closer = settings.comment_end_string;
      const end = source.indexOf(closer, at + mark.length);
      if (end < 0) throw syntaxError(`the comment is never closed with '${closer}'`, at, at + mark.length);
      strip =
        end > at + mark.length
          ? stripAfter(/[-+]/.test(source[end - 1] ?? '') ? (source[end - 1] ?? '') : '')
          : stripAfter('');
      from = end + closer.length;
    } else {
      const output = mark === settings.variable_start_string;
      const inside = at + mark.length + (sign === '-' || sign === '+' ? 1 : 0);
      const lexed = lexExpression(source, inside, output ? outputCloser : statementCloser, at, literal);
      pieces.push({ type: output ? 'output' : 'statement', tokens: lexed.tokens, at, end: lexed.end });
      strip = output ? (lexed.closer.startsWith('-') ? 'all' : 'none') : stripAfter(lexed.closer);
      from = lexed.end;
    }
  }
}
