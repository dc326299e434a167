import { floatOf } from '../../python/whole-float.ts';
import { syntaxError, type Token } from './expression-lexer.ts';
import type { ArgumentNodes, Expression } from './expression-tree.ts';
import { constants, reservedWords } from './reserved-words.ts';
import { spanOf, TokenReader } from './token-reader.ts';

/** Reads what stands between operators: literals, names, lists, mappings, brackets, and what is taken of them. */
export abstract class OperandParser extends TokenReader {
  /** An expression, or several with commas between them, which make a list. */
  abstract list(): Expression;

  abstract expression(): Expression;

  /** Call arguments with their brackets. */
  args(): ArgumentNodes {
    this.expect('(');
    const positional: Expression[] = [];
    const named: { name: string; value: Expression }[] = [];
    let spread: Expression | undefined;
    let spreadNamed: Expression | undefined;
    while (!this.is(')')) {
      if (this.accept('**')) spreadNamed = this.expression();
      else if (this.accept('*')) spread = this.expression();
      else if (this.token.kind === 'name' && this.isFollowedBy('=')) {
        const { text } = this.name();
        this.expect('=');
        named.push({ name: text, value: this.expression() });
      } else if (named.length > 0)
        throw this.unexpected('an argument without a name follows one with a name');
      else positional.push(this.expression());
      if (!this.accept(',')) break;
    }
    this.expect(')');
    return { positional, named, spread, spreadNamed };
  }

  /** A value with its attributes, items and calls. */
  protected operand(): Expression {
    let node = this.#primary();
    for (;;) {
      if (this.accept('.')) node = this.#attribute(node);
      else if (this.accept('[')) node = this.#subscript(node);
      else if (this.is('(')) {
        const args = this.args();
        node = { type: 'call', callee: node, args, ...spanOf(node, this.last) };
      } else return node;
    }
  }

  #primary(): Expression {
    const token = this.token;
    if (token.kind === 'end') throw this.unexpected('the expression ends too early');
    this.take();
    if (token.kind === 'name') {
      const constant = constants.get(token.text);
      if (constant !== undefined) return { type: 'literal', value: constant, ...spanOf(token, token) };
      if (!reservedWords.has(token.text)) return { type: 'name', name: token.text, ...spanOf(token, token) };
    }
    if (token.kind === 'number') {
      const float = /^[\d_]+(\.|[eE])/.test(token.text) && typeof token.value === 'number';
      const value = float ? floatOf(Number(token.value)) : token.value;
      return { type: 'literal', value, ...spanOf(token, token) };
    }
    if (token.kind === 'string') return this.#string(token);
    if (token.text === '(') return this.#brackets(token);
    if (token.text === '[') return { type: 'list', items: this.#items(']'), ...spanOf(token, this.last) };
    if (token.text === '{') return { type: 'mapping', entries: this.#entries(), ...spanOf(token, this.last) };
    throw syntaxError(`'${token.text}' was not expected here`, token.at, token.end);
  }

  #string(first: Token): Expression {
    let value = String(first.value);
    while (this.token.kind === 'string') {
      value += String(this.take().value);
    }
    return { type: 'literal', value, ...spanOf(first, this.last) };
  }

  #brackets(first: Token): Expression {
    if (this.accept(')')) return { type: 'list', items: [], ...spanOf(first, this.last) };
    const inner = this.list();
    this.expect(')');
    return { ...inner, ...spanOf(first, this.last) };
  }

  #items(closer: string): Expression[] {
    const items: Expression[] = [];
    while (!this.accept(closer)) {
      items.push(this.expression());
      if (!this.is(closer)) this.expect(',');
    }
    return items;
  }

  #entries(): (readonly [Expression, Expression])[] {
    const entries: (readonly [Expression, Expression])[] = [];
    while (!this.accept('}')) {
      const key = this.expression();
      this.expect(':');
      entries.push([key, this.expression()]);
      if (!this.is('}')) this.expect(',');
    }
    return entries;
  }

  #attribute(object: Expression): Expression {
    const token = this.token;
    if (token.kind === 'number') {
      this.take();
      const key: Expression = { type: 'literal', value: token.value, ...spanOf(token, token) };
      return { type: 'item', object, key, ...spanOf(object, token) };
    }
    const { text: name } = this.name();
    return { type: 'attribute', object, name, nameAt: spanOf(token, token), ...spanOf(object, token) };
  }

  #subscript(object: Expression): Expression {
    const part = () => (this.is(':') || this.is(']') ? undefined : this.expression());
    const start = part();
    if (!this.accept(':')) {
      if (!start) throw this.unexpected('an index or key is missing');
      this.expect(']');
      return { type: 'item', object, key: start, ...spanOf(object, this.last) };
    }
    const stop = part();
    const step = this.accept(':') ? part() : undefined;
    this.expect(']');
    return { type: 'slice', object, start, stop, step, ...spanOf(object, this.last) };
  }
}
