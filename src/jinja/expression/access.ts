import { didYouMean } from '../../errors/did-you-mean.ts';
import { Callable } from '../values/callable.ts';
import { callMethod, hasMethod } from '../values/methods.ts';
import { type Span, TemplateError } from '../values/template-error.ts';
import { defined, Undefined } from '../values/undefined.ts';
import { isMapping, isTime, kindOf, textOf } from '../values/value.ts';
import type { Expression } from './expression-tree.ts';

/** An expression as messages name it: `server.port`; undefined for one that is not a plain path. */
export function pathText(node: Expression): string | undefined {
  if (node.type === 'name') return node.name;
  if (node.type !== 'attribute' && node.type !== 'item') return undefined;
  const object = pathText(node.object);
  if (object === undefined) return undefined;
  if (node.type === 'attribute') return `${object}.${node.name}`;
  return node.key.type === 'literal' ? `${object}[${JSON.stringify(node.key.value)}]` : `${object}[...]`;
}

function missing(object: unknown, key: string, node: Expression, span: Span): Undefined {
  const path = pathText(node);
  const owner = path === undefined ? kindOf(object) : `'${path}'`;
  if (isMapping(object)) {
    return new Undefined(`${owner} has no key '${key}'`, span, () => didYouMean(key, Object.keys(object)));
  }
  if (object === null) return new Undefined(`${owner} is none and has no '${key}'`, span);
  const kind = path === undefined ? '' : ` (${kindOf(object)})`;
  return new Undefined(`${owner}${kind} has no '${key}'`, span);
}

/** `object.name`: a key, else a method. Parts of what is undefined are undefined too. */
export function attribute(object: unknown, name: string, node: Expression, span: Span): unknown {
  if (object instanceof Undefined) return object;
  if (object instanceof Callable) {
    return object.attributes && Object.hasOwn(object.attributes, name)
      ? object.attributes[name]
      : missing(object, name, node, span);
  }
  if (isTime(object)) {
    const part = object.part(name);
    if (part === undefined) return missing(object, name, node, span);
    return typeof part === 'number'
      ? part
      : new Callable(name, ({ positional }) => part(textOf(positional[0] ?? '')));
  }
  if (isMapping(object) && Object.hasOwn(object, name)) {
    const found = object[name];
    return found === undefined ? missing(object, name, node, span) : found;
  }
  if (Array.isArray(object) && (name === 'grouper' || name === 'list') && Object.hasOwn(object, name)) {
    return (object as unknown as Readonly<Record<string, unknown>>)[name];
  }
  if (hasMethod(object, name)) return new Callable(name, (args) => callMethod(object, name, args));
  return missing(object, name, node, span);
}

/** `object[key]`; a negative index counts from the end. */
export function item(object: unknown, key: unknown, node: Expression, span: Span): unknown {
  if (object instanceof Undefined) return object;
  const known = defined(key);
  if (Array.isArray(object) || typeof object === 'string') {
    if (typeof known !== 'number' || !Number.isInteger(known)) {
      throw new TemplateError(
        `${kindOf(object)} needs a number between the brackets, not ${kindOf(known)}`,
        span,
      );
    }
    const items: readonly unknown[] = typeof object === 'string' ? [...object] : object;
    const found = items.at(known);
    if (found !== undefined && -items.length <= known && known < items.length) return found;
    const owner = pathText(node);
    const count = items.length === 1 ? '1 item' : `${items.length} items`;
    return new Undefined(
      `${owner ? `'${owner}'` : kindOf(object)} has ${count}, there is no [${known}]`,
      span,
    );
  }
  return attribute(object, textOf(known), node, span);
}

/** Python's `object[start:stop:step]`. */
export function slice(object: unknown, start: unknown, stop: unknown, step: unknown): unknown {
  if (object instanceof Undefined) return object;
  if (!Array.isArray(object) && typeof object !== 'string') {
    throw new TemplateError(`${kindOf(object)} cannot be sliced`);
  }
  const items: readonly unknown[] = typeof object === 'string' ? [...object] : object;
  const by = bound(step) ?? 1;
  if (by === 0) throw new TemplateError('the step between the brackets cannot be 0');
  const lowest = by > 0 ? 0 : -1;
  const highest = by > 0 ? items.length : items.length - 1;
  const place = (value: unknown, otherwise: number): number => {
    const number = bound(value);
    if (number === undefined) return otherwise;
    return Math.max(lowest, Math.min(highest, number < 0 ? number + items.length : number));
  };
  const from = place(start, by > 0 ? lowest : highest);
  const to = place(stop, by > 0 ? highest : lowest);
  const part: unknown[] = [];
  for (let index = from; by > 0 ? index < to : index > to; index += by) part.push(items[index]);
  return typeof object === 'string' ? part.join('') : part;
}

function bound(value: unknown): number | undefined {
  const known = defined(value);
  if (known === undefined || known === null) return undefined;
  if (typeof known === 'number' && Number.isInteger(known)) return known;
  throw new TemplateError(`${kindOf(known)} stands where a whole number is needed`);
}
