import { TemplateError } from '../values/template-error.ts';
import { Undefined } from '../values/undefined.ts';
import { isMapping, kindOf, textOf } from '../values/value.ts';

/** The part that an attribute path such as `network.0.name` leads to; Undefined when it is not there. */
export function attributeOf(value: unknown, path: unknown): unknown {
  const keys = typeof path === 'number' ? [path] : textOf(path).split('.');
  let found = value;
  for (const key of keys) {
    if (found instanceof Undefined) return found;
    const index = Number(key);
    if (Array.isArray(found) && Number.isInteger(index)) found = found.at(index);
    else found = isMapping(found) && Object.hasOwn(found, String(key)) ? found[String(key)] : undefined;
    if (found === undefined) return new Undefined(`an item has no '${textOf(path)}'`);
  }
  return found;
}

/** The value as a list. Throws TemplateError for anything else. */
export function listArgument(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${what} needs a list, not ${kindOf(value)}`);
}

/** The value as a mapping. Throws TemplateError for anything else. */
export function mappingArgument(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isMapping(value)) return value;
  throw new TemplateError(`${what} needs a mapping, not ${kindOf(value)}`);
}
