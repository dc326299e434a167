import { DateTime, TimeDelta } from '../../python/date-time.ts';
import { numeric, WholeFloat } from '../../python/whole-float.ts';
import { Callable } from './callable.ts';
import { TemplateError } from './template-error.ts';
import { defined, Undefined } from './undefined.ts';

export type Mapping = Readonly<Record<string, unknown>>;

/** Stands for an argument that is to be left out. */
export const omit: unique symbol = Symbol('omit');

/** Whether a value is a point in time, or the time between two. */
export function isTime(value: unknown): value is DateTime | TimeDelta {
  return value instanceof DateTime || value instanceof TimeDelta;
}

/** Whether a value is a mapping of names and values. */
export function isMapping(value: unknown): value is Mapping {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Undefined) &&
    !(value instanceof WholeFloat) &&
    !isTime(value) &&
    !(value instanceof Callable)
  );
}

/** What messages call the kind of a value. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Undefined) return 'undefined';
  if (value instanceof Callable) return 'a function';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number' || value instanceof WholeFloat) return 'a number';
  if (typeof value === 'boolean') return 'true or false';
  if (isTime(value)) return value instanceof DateTime ? 'a time' : 'a duration';
  return value === omit ? 'omit' : 'a mapping';
}

/** Python's truth: empty text, lists and mappings, zero and none are false. */
export function truthy(value: unknown): boolean {
  const known = defined(value);
  if (Array.isArray(known)) return known.length > 0;
  if (isMapping(known)) return Object.keys(known).length > 0;
  return Boolean(numeric(known));
}

// Python prints these without an exponent up to 1e16.
function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return BigInt(value).toString();
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value);
}

function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(mark, `\\${mark}`);
  return mark + escaped + mark;
}

/** A value inside a printed list or mapping, as Python writes it. */
export function representation(value: unknown): string {
  const known = defined(value);
  if (typeof known === 'string') return quoted(known);
  if (Array.isArray(known)) return `[${known.map(representation).join(', ')}]`;
  if (isMapping(known)) {
    const entries = Object.entries(known).map(([key, item]) => `${quoted(key)}: ${representation(item)}`);
    return `{${entries.join(', ')}}`;
  }
  return textOf(known);
}

/** A value as `~`, `string` and `join` write it: Python's words, `True`, `None`. */
export function textOf(value: unknown): string {
  const known = defined(value);
  if (typeof known === 'string') return known;
  if (known === null || known === undefined) return 'None';
  if (known === true) return 'True';
  if (known === false) return 'False';
  if (typeof known === 'number') return numberText(known);
  if (known instanceof WholeFloat || isTime(known)) return String(known);
  if (known instanceof Callable) {
    throw new TemplateError(`'${known.name}' is a function, not a value`, undefined, {
      hint: `write ${known.name}() to call it`,
    });
  }
  if (known === omit) {
    throw new TemplateError("'omit' cannot be part of a text", undefined, {
      why: 'it leaves out the argument whose whole value it is',
    });
  }
  return representation(known);
}

/** A value as `{{ }}` prints it: as textOf, but none prints nothing. */
export function outputOf(value: unknown): string {
  return value === null ? '' : textOf(value);
}

/** Deep equality; true equals 1, as in Python. */
export function equal(a: unknown, b: unknown): boolean {
  const [left, right] = [numeric(defined(a)), numeric(defined(b))];
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index]));
  }
  if (isMapping(left) && isMapping(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
    );
  }
  return isTime(left) && isTime(right) ? left.microseconds === right.microseconds : left === right;
}

/** Order of two values: negative, zero or positive. Throws when they cannot be compared. */
export function compare(a: unknown, b: unknown): number {
  const [left, right] = [numeric(defined(a)), numeric(defined(b))];
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (isTime(left) && isTime(right)) return left.microseconds - right.microseconds;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (Array.isArray(left) && Array.isArray(right)) {
    for (const [index, item] of left.entries()) {
      if (index >= right.length) return 1;
      if (!equal(item, right[index])) return compare(item, right[index]);
    }
    return left.length - right.length;
  }
  const kinds = [kindOf(a), kindOf(b)];
  const hint =
    kinds.includes('text') && kinds.includes('a number')
      ? 'turn the text into a number with | int'
      : undefined;
  throw new TemplateError(`${kinds[0]} and ${kinds[1]} cannot be compared`, undefined, { hint });
}

/** Python's `in`: a part of a text, an item of a list, a key of a mapping. */
export function contains(container: unknown, item: unknown): boolean {
  const [whole, part] = [defined(container), defined(item)];
  if (Array.isArray(whole)) return whole.some((candidate) => equal(candidate, part));
  if (isMapping(whole))
    return typeof part === 'string' ? Object.hasOwn(whole, part) : Object.hasOwn(whole, textOf(part));
  if (typeof whole === 'string') {
    if (typeof part === 'string') return whole.includes(part);
    throw new TemplateError(`${kindOf(part)} cannot be looked for in a text`, undefined, {
      hint: 'add | string',
    });
  }
  throw new TemplateError(`'in' needs a list, a mapping or a text on its right, not ${kindOf(whole)}`);
}

/** What a loop or list filter walks over: items, keys of a mapping, characters of a text. */
export function itemsOf(value: unknown): readonly unknown[] {
  const known = defined(value);
  if (Array.isArray(known)) return known;
  if (typeof known === 'string') return [...known];
  if (isMapping(known)) return Object.keys(known);
  throw new TemplateError(`${kindOf(known)} is not a list`);
}
