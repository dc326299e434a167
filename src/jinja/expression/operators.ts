import { timeArithmetic } from '../../python/date-time.ts';
import { floatOf, isFloat, numeric } from '../../python/whole-float.ts';
import { formatPercent } from '../values/format.ts';
import { ownCopy } from '../values/methods.ts';
import { TemplateError } from '../values/template-error.ts';
import { defined } from '../values/undefined.ts';
import { compare, contains, equal, kindOf, textOf } from '../values/value.ts';
import type { BinaryOperator, CompareOperator } from './expression-tree.ts';

type Arithmetic = Exclude<BinaryOperator, 'and' | 'or' | '~'>;

const words: Readonly<Record<Arithmetic, string>> = {
  '+': 'added',
  '-': 'subtracted',
  '*': 'multiplied',
  '/': 'divided',
  '//': 'divided',
  '%': 'divided',
  '**': 'raised',
};

function calculate(operator: Arithmetic, a: number, b: number): number {
  if (b === 0 && (operator === '/' || operator === '//' || operator === '%')) {
    throw new TemplateError('a number cannot be divided by 0');
  }
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      return a - b * Math.floor(a / b);
    case '**':
      return a ** b;
  }
}

function repeat(value: unknown, times: unknown): unknown {
  if (typeof times !== 'number' || times > 1_000_000) return undefined;
  if (typeof value === 'string') return value.repeat(Math.max(0, times));
  return Array.isArray(value) ? Array.from({ length: Math.max(0, times) }, () => value).flat() : undefined;
}

/** Arithmetic, joining and repeating of two values. Throws TemplateError when they do not go together. */
export function binary(
  operator: Exclude<BinaryOperator, 'and' | 'or'>,
  left: unknown,
  right: unknown,
): unknown {
  if (operator === '~') return textOf(left) + textOf(right);
  const [a, b] = [numeric(defined(left)), numeric(defined(right))];
  if (typeof a === 'number' && typeof b === 'number') {
    const result = calculate(operator, a, b);
    const float = operator === '/' || isFloat(left) || isFloat(right) || (operator === '**' && b < 0);
    return float ? floatOf(result) : result;
  }
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return a + b;
  if (operator === '+' && Array.isArray(a) && Array.isArray(b)) return ownCopy([...a, ...b]);
  if (operator === '%' && typeof a === 'string') return formatPercent(a, right);
  const time = timeArithmetic(operator, left, right);
  if (time !== undefined) return time;
  const repeated = operator === '*' ? (repeat(a, b) ?? repeat(b, a)) : undefined;
  if (repeated !== undefined) return repeated;
  const mixed = operator === '+' && (typeof a === 'string' || typeof b === 'string');
  const joining =
    operator === '+' ? 'use ~ to join texts, or | int to make a number' : 'use | int to make a number';
  const hint = mixed || typeof a === 'string' || typeof b === 'string' ? joining : undefined;
  throw new TemplateError(`${kindOf(left)} and ${kindOf(right)} cannot be ${words[operator]}`, undefined, {
    hint,
  });
}

/** One comparison. Throws TemplateError when the values cannot be compared. */
export function comparison(operator: CompareOperator, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case '<':
      return compare(left, right) < 0;
    case '<=':
      return compare(left, right) <= 0;
    case '>':
      return compare(left, right) > 0;
    case '>=':
      return compare(left, right) >= 0;
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
  }
}

/** `-value` and `+value`. */
export function signed(operator: '-' | '+', value: unknown): unknown {
  const known = numeric(defined(value));
  if (typeof known !== 'number') throw new TemplateError(`${kindOf(known)} has no sign`);
  const result = operator === '-' ? -known : known;
  return isFloat(value) ? floatOf(result) : result;
}
