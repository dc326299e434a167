import { lexExpression, type Token } from './expression-lexer.ts';
import type {
  ArgumentNodes,
  BinaryOperator,
  CompareOperator,
  Expression,
  FilterNode,
} from './expression-tree.ts';
import { OperandParser } from './operand-parser.ts';
import { reservedWords } from './reserved-words.ts';
import { spanOf } from './token-reader.ts';

/** How closely operators bind: those of a higher number first. */
const closenesses: ReadonlyMap<string, number> = new Map([
  ['+', 1],
  ['-', 1],
  ['~', 2],
  ['*', 3],
  ['/', 3],
  ['//', 3],
  ['%', 3],
  ['**', 4],
]);

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** Reads expressions from words, by Jinja2's rules of precedence. */
export class ExpressionParser extends OperandParser {
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
    let left = this.#and();
    while (this.accept('or')) {
      const right = this.#and();
      left = { type: 'binary', operator: 'or', left, right, ...spanOf(left, right) };
    }
    return left;
  }

  /** `name(args) | name(args)`, as a filter block has it. */
  filters(input: Expression | undefined): Expression {
    let node = this.#filter(input);
    while (this.accept('|')) node = this.#filter(node);
    return node;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.accept('and')) {
      const right = this.#not();
      left = { type: 'binary', operator: 'and', left, right, ...spanOf(left, right) };
    }
    return left;
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

  // Operators that bind at least so closely, each with what is left of it.
  #sum(loosest = 1): Expression {
    let left = this.#unary(true);
    for (;;) {
      const { kind, text } = this.token;
      const closeness = kind === 'operator' ? closenesses.get(text) : undefined;
      if (closeness === undefined || closeness < loosest) return left;
      this.take();
      const right = this.#sum(closeness + 1);
      left = { type: 'binary', operator: text as BinaryOperator, left, right, ...spanOf(left, right) };
    }
  }

  #unary(withFilters: boolean): Expression {
    const first = this.token;
    const operator = this.is('-') ? '-' : this.is('+') ? '+' : undefined;
    let node: Expression;
    if (operator) {
      this.take();
      const operand = this.nested(() => this.#unary(false));
      node = { type: 'unary', operator, operand, ...spanOf(first, operand) };
    } else node = this.operand();
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
    const bare = kind === 'string' || kind === 'number' || (kind === 'name' && !reservedWords.has(text));
    if (this.is('(')) args = this.args();
    else if (bare || this.is('[') || this.is('{')) {
      args = { ...noArguments, positional: [this.operand()] };
    }
    const names = { name: plainName(name.text), nameAt: spanOf(name, name) };
    return { type: 'test', input, ...names, negated, args, ...spanOf(input, this.last) };
  }
}

const noArguments: ArgumentNodes = { positional: [], named: [], spread: undefined, spreadNamed: undefined };

// Ansible's own filters and tests may be named in full.
function plainName(name: string): string {
  return name.replace(/^ansible\.(?:builtin|legacy)\./, '');
}

/** Parses a bare expression, such as a condition. Throws TemplateError. */
export function parseExpression(source: string): Expression {
  const parser = new ExpressionParser(lexExpression(source, 0, undefined, 0, true).tokens);
  const expression = parser.list();
  parser.end();
  return expression;
}
