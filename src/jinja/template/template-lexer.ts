import { lexExpression, syntaxError, type Token } from '../expression/expression-lexer.ts';

/** A stretch of text, an output `{{ }}` or a statement `{% %}`. */
export type TemplatePiece =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'output' | 'statement';
      readonly tokens: readonly Token[];
      readonly at: number;
      readonly end: number;
    };

const opener = /\{[{%#]/g;
const outputCloser = /[-+]?\}\}/y;
const statementCloser = /[-+]?%\}/y;
const rawStart = /\{%[-+]?\s*raw\s*([-+]?)%\}/y;
const rawEnd = /\{%([-+]?)\s*endraw\s*([-+]?)%\}/g;

/**
 * Cuts a template at its marks. Line breaks behind statements and comments are dropped (`trim_blocks`), spaces before
 * them are kept, as Ansible's template module does.
 */
export function lexTemplate(source: string): TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  let from = 0;
  let strip: 'none' | 'line' | 'all' = 'none';
  const addText = (end: number, stripEnd: boolean): void => {
    let text = source.slice(from, end).replaceAll(/\r\n?/g, '\n');
    if (strip === 'line') text = text.replace(/^\n/, '');
    if (strip === 'all') text = text.trimStart();
    if (stripEnd) text = text.trimEnd();
    if (text !== '') pieces.push({ type: 'text', text });
  };
  const stripAfter = (closer: string): typeof strip =>
    closer.startsWith('-') ? 'all' : closer.startsWith('+') ? 'none' : 'line';
  for (;;) {
    opener.lastIndex = from;
    const at = opener.exec(source)?.index ?? source.length;
    const mark = source.slice(at, at + 2);
    addText(at, source[at + 2] === '-');
    if (at === source.length) return pieces;
    rawStart.lastIndex = at;
    const raw = rawStart.exec(source);
    if (raw) {
      from = at + raw[0].length;
      strip = stripAfter(raw[1] ?? '');
      rawEnd.lastIndex = from;
      const end = rawEnd.exec(source);
      if (!end) throw syntaxError("'raw' is never ended with 'endraw'", at, from);
      addText(end.index, end[1] === '-');
      strip = stripAfter(end[2] ?? '');
      from = end.index + end[0].length;
    } else if (mark === '{#') {
      const end = source.indexOf('#}', at + 2);
      if (end < 0) throw syntaxError("the comment is never closed with '#}'", at, at + 2);
      strip = end > at + 2 && source[end - 1] === '-' ? 'all' : 'line';
      from = end + 2;
    } else {
      const output = mark === '{{';
      const sign = source[at + 2] ?? '';
      const start = at + 2 + (sign === '-' || sign === '+' ? 1 : 0);
      const lexed = lexExpression(source, start, output ? outputCloser : statementCloser, at);
      pieces.push({ type: output ? 'output' : 'statement', tokens: lexed.tokens, at, end: lexed.end });
      strip = output ? (lexed.closer.startsWith('-') ? 'all' : 'none') : stripAfter(lexed.closer);
      from = lexed.end;
    }
  }
}
