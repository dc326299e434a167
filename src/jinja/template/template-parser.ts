import { didYouMean, nearest } from '../../errors/did-you-mean.ts';
import { syntaxError } from '../expression/expression-lexer.ts';
import { ExpressionParser } from '../expression/expression-parser.ts';
import type { Expression } from '../expression/expression-tree.ts';
import { readTarget } from '../expression/target-parser.ts';
import { lexTemplate, type TemplatePiece } from './template-lexer.ts';
import { usualSettings } from './template-settings.ts';
import type { Body, Parameter, TemplateNode } from './template-tree.ts';

type Statement = Exclude<TemplatePiece, { type: 'text' }>;

/** Why a statement of Jinja2 is not there, and what to do instead. */
const refused: ReadonlyMap<string, string> = new Map([
  ['extends', 'use include'],
  ['block', 'use include, or leave the block tags out'],
  ['trans', 'write the text itself'],
  ['autoescape', 'use the escape filter where it is needed'],
]);
const statements = [
  'if',
  'for',
  'set',
  'with',
  'macro',
  'call',
  'filter',
  'include',
  'import',
  'from',
  'do',
  'break',
  'continue',
  'raw',
];

/** Puts the pieces of a template together. */
class TemplateParser {
  readonly #pieces: readonly TemplatePiece[];
  #next = 0;
  #depth = 0;

  constructor(pieces: readonly TemplatePiece[]) {
    this.#pieces = pieces;
  }

  /** Reads nodes up to one of the closing words; the closing statement is left to the caller. */
  body(
    opened: Statement | undefined,
    closers: readonly string[],
  ): { body: Body; closer: Statement | undefined } {
    const body: TemplateNode[] = [];
    this.#depth += 1;
    if (opened && this.#depth > 100)
      throw syntaxError('the statements are nested too deeply', opened.at, opened.end);
    for (;;) {
      const piece = this.#pieces[this.#next];
      this.#next += 1;
      if (!piece) {
        if (!opened) return { body, closer: undefined };
        const [word = ''] = opened.tokens.map(({ text }) => text);
        throw syntaxError(`'${word}' is never ended with 'end${word}'`, opened.at, opened.end);
      }
      if (piece.type === 'text') body.push(piece);
      else if (piece.type === 'output') body.push({ type: 'output', expression: whole(piece) });
      else if (closers.includes(piece.tokens[0]?.text ?? '')) {
        this.#depth -= 1;
        return { body, closer: piece };
      } else body.push(this.#statement(piece));
    }
  }

  #statement(piece: Statement): TemplateNode {
    const parser = new ExpressionParser(piece.tokens);
    if (parser.atEnd) throw syntaxError('the statement is empty', piece.at, piece.end);
    const word = parser.name();
    switch (word.text) {
      case 'if':
        return this.#if(piece, parser);
      case 'for':
        return this.#for(piece, parser);
      case 'set':
        return this.#set(piece, parser);
      case 'with':
        return this.#with(piece, parser);
      case 'macro':
        return this.#macro(piece, parser);
      case 'call':
        return this.#call(piece, parser);
      case 'filter': {
        const filter = parser.filters(undefined);
        parser.end();
        return { type: 'filter', filter, body: this.#simpleBody(piece, 'endfilter') };
      }
      case 'include':
        return include(piece, parser);
      case 'import':
      case 'from':
        return imported(word.text, piece, parser);
      case 'do': {
        const expression = parser.list();
        parser.end();
        return { type: 'do', expression };
      }
      case 'break':
      case 'continue':
        parser.end();
        return { type: word.text };
      default:
        throw unknownStatement(word.text, word.at, word.end);
    }
  }

  #simpleBody(opened: Statement, closer: string): Body {
    return this.body(opened, [closer]).body;
  }

  #if(piece: Statement, parser: ExpressionParser): TemplateNode {
    const branches: { test: Expression; body: Body }[] = [];
    let test = rest(parser);
    for (;;) {
      const { body, closer } = this.body(piece, ['elif', 'else', 'endif']);
      branches.push({ test, body });
      const word = closer?.tokens[0]?.text;
      if (word === 'endif' || !closer) return { type: 'if', branches, otherwise: [] };
      if (word === 'else') return { type: 'if', branches, otherwise: this.#simpleBody(piece, 'endif') };
      const next = new ExpressionParser(closer.tokens);
      next.expect('elif');
      test = rest(next);
    }
  }

  #for(piece: Statement, parser: ExpressionParser): TemplateNode {
    const target = readTarget(parser);
    parser.expect('in');
    const iterable = parser.or();
    const condition = parser.accept('if') ? parser.expression() : undefined;
    const recursive = parser.accept('recursive');
    parser.end();
    const { body, closer } = this.body(piece, ['else', 'endfor']);
    const otherwise = closer?.tokens[0]?.text === 'else' ? this.#simpleBody(piece, 'endfor') : [];
    return { type: 'for', target, iterable, condition, recursive, body, otherwise };
  }

  #set(piece: Statement, parser: ExpressionParser): TemplateNode {
    const target = readTarget(parser);
    if (parser.accept('=')) return { type: 'set', target, value: rest(parser) };
    const filter = parser.accept('|') ? parser.filters(undefined) : undefined;
    parser.end();
    return { type: 'set-block', target, filter, body: this.#simpleBody(piece, 'endset') };
  }

  #with(piece: Statement, parser: ExpressionParser): TemplateNode {
    const bindings = [];
    while (!parser.atEnd) {
      const target = readTarget(parser);
      parser.expect('=');
      bindings.push({ target, value: parser.expression() });
      if (!parser.atEnd) parser.expect(',');
    }
    return { type: 'with', bindings, body: this.#simpleBody(piece, 'endwith') };
  }

  #macro(piece: Statement, parser: ExpressionParser): TemplateNode {
    const { text: name } = parser.name();
    const macroParameters = parameters(parser);
    parser.end();
    return { type: 'macro', name, parameters: macroParameters, body: this.#simpleBody(piece, 'endmacro') };
  }

  #call(piece: Statement, parser: ExpressionParser): TemplateNode {
    const own = piece.tokens[1]?.text === '(' ? parameters(parser) : [];
    const call = rest(parser);
    if (call.type !== 'call') throw syntaxError("'call' needs a macro and its arguments", call.at, call.end);
    return { type: 'call', parameters: own, call, body: this.#simpleBody(piece, 'endcall') };
  }
}

function parameters(parser: ExpressionParser): Parameter[] {
  const found: Parameter[] = [];
  parser.expect('(');
  while (!parser.accept(')')) {
    const { text: name } = parser.name();
    found.push({ name, otherwise: parser.accept('=') ? parser.expression() : undefined });
    if (parser.accept(')')) break;
    parser.expect(',');
  }
  return found;
}

function include(piece: Statement, parser: ExpressionParser): TemplateNode {
  const name = parser.expression();
  const ignoreMissing = parser.accept('ignore');
  if (ignoreMissing) parser.expect('missing');
  const withContext = context(parser, true);
  parser.end();
  return { type: 'include', name, ignoreMissing, withContext, at: piece.at, end: piece.end };
}

function context(parser: ExpressionParser, usual: boolean): boolean {
  const without = parser.accept('without');
  if (!without && !parser.accept('with')) return usual;
  parser.expect('context');
  return !without;
}

// `import x as y` or `from x import y, z as w`, maybe `with context` behind it.
function imported(word: 'import' | 'from', piece: Statement, parser: ExpressionParser): TemplateNode {
  const name = parser.expression();
  const rest = { type: 'import', name, at: piece.at, end: piece.end } as const;
  if (word === 'import') {
    parser.expect('as');
    const whole = parser.name().text;
    const withContext = context(parser, false);
    parser.end();
    return { ...rest, whole, names: [], withContext };
  }
  parser.expect('import');
  const names: { name: string; as: string }[] = [];
  do {
    const { text } = parser.name();
    names.push({ name: text, as: parser.accept('as') ? parser.name().text : text });
  } while (parser.accept(',') && !parser.atEnd);
  const withContext = context(parser, false);
  parser.end();
  return { ...rest, whole: undefined, names, withContext };
}

function rest(parser: ExpressionParser): Expression {
  const expression = parser.list();
  parser.end();
  return expression;
}

function whole(piece: Statement): Expression {
  const parser = new ExpressionParser(piece.tokens);
  if (parser.atEnd) throw syntaxError('there is nothing between {{ and }}', piece.at, piece.end);
  return rest(parser);
}

function unknownStatement(word: string, at: number, end: number) {
  const advice = refused.get(word);
  if (advice !== undefined) return syntaxError(`the statement '${word}' is not supported`, at, end, advice);
  if (word.startsWith('end') || word === 'else' || word === 'elif') {
    const near = nearest(
      word,
      statements.map((one) => `end${one}`),
    );
    const hint = near === word || near === undefined ? undefined : `did you mean '${near}'?`;
    return syntaxError(`'${word}' ends or continues nothing that is open here`, at, end, hint);
  }
  return syntaxError(`there is no statement '${word}'`, at, end, didYouMean(word, statements));
}

/** Parses a whole template, from an offset on. Throws TemplateError with the place of the first mistake. */
export function parseTemplate(source: string, settings = usualSettings, start = 0, literal = false): Body {
  return new TemplateParser(lexTemplate(source, settings, start, literal)).body(undefined, []).body;
}
