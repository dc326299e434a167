import { lexExpression, syntaxError, type Token } from './expression-lexer.ts';
import type {
  ArgumentNodes,
  BinaryOperator,
  CompareOperator,
  Expression,
  FilterNode,
  Target,
} from './expression-tree.ts';
import { TokenReader } from './token-reader.ts';

const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
const reserved = new Set(['and', 'or', 'not', 'if', 'else', 'in', 'is', 'for', 'elif', 'recursive']);
const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);

const spanOf = (first: { readonly at: number }, last: { readonly end: number }) => ({
  at: first.at,
  end: last.end,
});

/** Reads expressions from words, by Jinja2's rules of precedence. */
export class ExpressionParser extends TokenReader {
  /** An expression, or several with commas between them, which make a list. */
  list(): Expression {
    const first = this.expression();
    if (!this.is(',')) return first;
    const items = [first];
    while (this.accept(',')) {
      if (this.atEnd || this.is(')') || this.is('=') || this.is('if') || this.is('recursive')) break;
      items.push(this.expression());
    }
    return { type: 'list', items, ...spanOf(first, this.last) };
  }

  expression(): Expression {
    return this.nested(() => {
      let node = this.or();
      while (this.accept('if')) {
        const test = this.or();
        const otherwise = this.accept('else') ? this.expression() : undefined;
        node = { type: 'conditional', test, value: node, otherwise, ...spanOf(node, this.last) };
      }
      return node;
    });
  }

  /** An expression without `if`: what a loop walks over. */
  or(): Expression {
    return this.#chain(['or'], () => this.#chain(['and'], () => this.#not()));
  }

  /** What a loop or assignment writes to. */
  target(): Target {
    const first = this.#oneTarget();
    if (!this.is(',')) return first;
    const items = [first];
    while (this.accept(',')) if (this.token.kind === 'name' || this.is('(')) items.push(this.#oneTarget());
    return { type: 'tuple', items, ...spanOf(first, this.last) };
  }

  /** `name(args) | name(args)`, as a filter block has it. */
  filters(input: Expression | undefined): Expression {
    let node = this.#filter(input);
    while (this.accept('|')) node = this.#filter(node);
    return node;
  }

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

  #oneTarget(): Target {
    if (this.accept('(')) {
      const target = this.target();
      this.expect(')');
      return target;
    }
    const token = this.name();
    if (constants.has(token.text) || reserved.has(token.text)) {
      throw syntaxError(`'${token.text}' cannot be assigned to`, token.at, token.end);
    }
    if (!this.accept('.')) return { type: 'name', name: token.text, at: token.at, end: token.end };
    const attribute = this.name();
    return { type: 'attribute', object: token.text, name: attribute.text, ...spanOf(token, attribute) };
  }

  #chain(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.find((candidate) => this.accept(candidate));
      if (!operator) return left;
      const right = operand();
      left = { type: 'binary', operator, left, right, ...spanOf(left, right) };
    }
  }

  #not(): Expression {
    const first = this.token;
    if (!this.accept('not')) return this.#compare();
    const operand = this.nested(() => this.#not());
    return { type: 'unary', operator: 'not', operand, ...spanOf(first, operand) };
  }

  #compare(): Expression {
    const first = this.#sum();
    const rest: { operator: CompareOperator; right: Expression }[] = [];
    for (;;) {
      const { text, kind } = this.token;
      if (kind === 'operator' && comparisons.has(text)) {
        this.take();
        rest.push({ operator: text as CompareOperator, right: this.#sum() });
      } else if (this.accept('in')) rest.push({ operator: 'in', right: this.#sum() });
      else if (this.is('not') && this.isFollowedBy('in')) {
        this.expect('not');
        this.expect('in');
        rest.push({ operator: 'not in', right: this.#sum() });
      } else break;
    }
    return rest.length === 0 ? first : { type: 'compare', first, rest, ...spanOf(first, this.last) };
  }

  #sum(): Expression {
    const product = () =>
      this.#chain(['*', '/', '//', '%'], () => this.#chain(['**'], () => this.#unary(true)));
    return this.#chain(['+', '-'], () => this.#chain(['~'], product));
  }

  #unary(withFilters: boolean): Expression {
    const first = this.token;
    const operator = this.is('-') ? '-' : this.is('+') ? '+' : undefined;
    let node: Expression;
    if (operator) {
      this.take();
      const operand = this.nested(() => this.#unary(false));
      node = { type: 'unary', operator, operand, ...spanOf(first, operand) };
    } else node = this.#postfix(this.#primary());
    return withFilters ? this.#filtersAndTests(node) : node;
  }

  #filtersAndTests(input: Expression): Expression {
    let node = input;
    for (;;) {
      if (this.accept('|')) node = this.#filter(node);
      else if (this.accept('is')) node = this.#test(node);
      else if (this.is('(') && node.type !== 'literal') {
        const args = this.args();
        node = { type: 'call', callee: node, args, ...spanOf(node, this.last) };
      } else return node;
    }
  }

  #dottedName(): Token {
    const first = this.name();
    let { text, end } = first;
    while (this.accept('.')) {
      const part = this.name();
      text += `.${part.text}`;
      end = part.end;
    }
    return { ...first, text, end };
  }

  #filter(input: Expression | undefined): FilterNode {
    const name = this.#dottedName();
    const args = this.is('(') ? this.args() : noArguments;
    const span = { at: input?.at ?? name.at, end: this.last.end };
    return { type: 'filter', input, name: plainName(name.text), nameAt: spanOf(name, name), args, ...span };
  }

  #test(input: Expression): Expression {
    const negated = this.accept('not');
    const name = this.#dottedName();
    let args = noArguments;
    const { kind, text } = this.token;
    const bare = kind === 'string' || kind === 'number' || (kind === 'name' && !reserved.has(text));
    if (this.is('(')) args = this.args();
    else if (bare || this.is('[') || this.is('{')) {
      args = { ...noArguments, positional: [this.#postfix(this.#primary())] };
    }
    const names = { name: plainName(name.text), nameAt: spanOf(name, name) };
    return { type: 'test', input, ...names, negated, args, ...spanOf(input, this.last) };
  }

  #primary(): Expression {
    const token = this.token;
    if (token.kind === 'end') throw this.unexpected('the expression ends too early');
    this.take();
    if (token.kind === 'name') {
      const constant = constants.get(token.text);
      if (constant !== undefined) return { type: 'literal', value: constant, ...spanOf(token, token) };
      if (!reserved.has(token.text)) return { type: 'name', name: token.text, ...spanOf(token, token) };
    }
    if (token.kind === 'number') return { type: 'literal', value: token.value, ...spanOf(token, token) };
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

  #postfix(input: Expression): Expression {
    let node = input;
    for (;;) {
      if (this.accept('.')) node = this.#attribute(node);
      else if (this.accept('[')) node = this.#subscript(node);
      else if (this.is('(')) {
        const args = this.args();
        node = { type: 'call', callee: node, args, ...spanOf(node, this.last) };
      } else return node;
    }
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

const noArguments: ArgumentNodes = { positional: [], named: [], spread: undefined, spreadNamed: undefined };

// Ansible's own filters and tests may be named in full.
function plainName(name: string): string {
  return name.replace(/^ansible\.(?:builtin|legacy)\./, '');
}

/** Parses a bare expression, such as a condition. Throws TemplateError. */
export function parseExpression(source: string): Expression {
  const parser = new ExpressionParser(lexExpression(source, 0).tokens);
  const expression = parser.list();
  parser.end();
  return expression;
}
