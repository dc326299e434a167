import { controlEscapes } from '../../python/control-escapes.ts';
import { TemplateError } from '../values/template-error.ts';

/** One word of an expression; offsets count in the whole template. */
export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'operator' | 'end';
  readonly text: string;
  /** What a string or number stands for. */
  readonly value: string | number;
  readonly at: number;
  readonly end: number;
}

/** The words up to the closing mark, and the mark itself (`-}}`). */
export interface LexedExpression {
  readonly tokens: readonly Token[];
  readonly closer: string;
  readonly end: number;
}

const space = /\s+/y;
const plainName = /[A-Za-z_]\w*/y;
const name = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const string = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y;
const radix = /0(?:[xX][\da-fA-F_]+|[oO][0-7_]+|[bB][01_]+)/y;
const decimal = /\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][-+]?\d+)?/y;
const whole = /\d+/y;
const operator = /\*\*|\/\/|==|!=|<=|>=|[-+*/%~<>=.:|,;()[\]{}]/y;

// What begins neither a name nor a number.
const signs = '\'"*/=!<>-+%~.:|,;()[]{}';

const partners: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

// The end of a line that is continued is nothing.
const escapes: Readonly<Record<string, string>> = { ...controlEscapes, '\n': '' };

// As Python reads a string: an escape that means nothing stays as it is written.
function unescaped(body: string): string {
  const escapeMark = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g;
  return body.replace(escapeMark, (all, two, four, eight, octal, other) => {
    const code = two ?? four ?? eight;
    if (code !== undefined) {
      const point = Number.parseInt(code, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : all;
    }
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (other === '\\' || other === "'" || other === '"') return other;
    return escapes[other] ?? all;
  });
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

/**
 * Cuts an expression into words, from `from` to the closing mark or, without one, to the end of the text.
 * @param closer sticky pattern of the closing mark; it counts only outside brackets and strings
 * @param openedAt where the opening mark stands, for the message that it is never closed
 * @param literal backslashes in strings stand for themselves, as in the values of a playbook
 * @throws TemplateError with the place of what cannot be read
 */
export function lexExpression(
  source: string,
  from: number,
  closer?: RegExp,
  openedAt = from,
  literal = false,
): LexedExpression {
  const tokens: Token[] = [];
  const open: Token[] = [];
  let at = from;
  const add = (kind: Token['kind'], text: string, value: string | number = text): Token => {
    const token = { kind, text, value, at, end: at + text.length };
    tokens.push(token);
    at = token.end;
    return token;
  };
  for (;;) {
    if (mayBeSpace(source, at)) at += matchAt(space, source, at)?.length ?? 0;
    const closed = closer && open.length === 0 ? matchAt(closer, source, at) : undefined;
    if (closed !== undefined || at >= source.length) {
      const bracket = open.at(-1);
      if (bracket) throw syntaxError(`'${bracket.text}' is never closed`, bracket.at, bracket.end);
      if (closer && closed === undefined) throw neverClosed(source, openedAt);
      tokens.push({ kind: 'end', text: '', value: '', at, end: at });
      return { tokens, closer: closed ?? '', end: at + (closed?.length ?? 0) };
    }
    const first = source.charAt(at);
    const word = signs.includes(first) ? undefined : nameAt(source, at);
    if (word !== undefined) {
      add('name', word);
      continue;
    }
    const quoted = first === "'" || first === '"' ? matchAt(string, source, at) : undefined;
    if (quoted !== undefined) {
      add(
        'string',
        quoted,
        quoted.includes('\\') && !literal ? unescaped(quoted.slice(1, -1)) : quoted.slice(1, -1),
      );
      continue;
    }
    const number = signs.includes(first)
      ? undefined
      : tokens.at(-1)?.text === '.'
        ? matchAt(whole, source, at)
        : numberAt(source, at);
    if (number !== undefined) {
      add('number', number, Number(number.replaceAll('_', '')));
      continue;
    }
    const sign = matchAt(operator, source, at);
    if (sign === undefined) throw unreadable(source, at);
    const token = add('operator', sign);
    if ('([{'.includes(sign)) open.push(token);
    const partner = partners[sign];
    if (partner === undefined) continue;
    const opened = open.pop();
    if (opened?.text === partner) continue;
    if (opened) throw syntaxError(`'${opened.text}' is never closed`, opened.at, opened.end);
    const hint = sign === '}' ? "a template ends with two of them: '}}'" : undefined;
    throw syntaxError(`'${sign}' closes nothing`, token.at, token.end, hint);
  }
}

function mayBeSpace(source: string, at: number): boolean {
  const unit = source.charCodeAt(at);
  return unit <= 32 || unit > 127;
}

// What Unicode calls a letter is only looked up where there is something beyond ASCII: V8 is slow to learn it.
function nameAt(source: string, at: number): string | undefined {
  const plain = matchAt(plainName, source, at);
  return source.charCodeAt(at + (plain?.length ?? 0)) > 127 ? matchAt(name, source, at) : plain;
}

function neverClosed(source: string, at: number): TemplateError {
  const mark = source.slice(at, at + 2);
  const wanted = mark === '{%' ? '%}' : '}}';
  return syntaxError(`'${mark}' is never closed with '${wanted}'`, at, at + 2);
}

function numberAt(source: string, at: number): string | undefined {
  return matchAt(radix, source, at) ?? matchAt(decimal, source, at);
}

function unreadable(source: string, at: number): TemplateError {
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  if (character === '"' || character === "'") return syntaxError('the text is never closed', at, at + 1);
  const hints: Readonly<Record<string, string>> = {
    '&': "write 'and'",
    '!': "write 'not', or '!=' to compare",
    $: 'a variable is written without $',
  };
  const hint = /[“”„‘’‚«»]/.test(character)
    ? `write ' or ": these are the quotes of a word processor`
    : hints[character];
  return syntaxError(`'${character}' means nothing here`, at, at + character.length, hint);
}

/** The error of a template that cannot be read. */
export function syntaxError(message: string, at: number, end: number, hint?: string): TemplateError {
  return new TemplateError(message, { at, end }, { code: 'template-syntax', hint });
}
