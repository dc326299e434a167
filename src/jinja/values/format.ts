import { numeric, WholeFloat } from '../../python/whole-float.ts';
import type { CallArguments } from './callable.ts';
import { TemplateError } from './template-error.ts';
import { isMapping, representation, textOf } from './value.ts';

const directive =
  /%(?:\((?<key>[^)]*)\))?(?<flags>[-+ 0#]*)(?<width>\d*)(?:\.(?<precision>\d+))?(?<kind>[\s\S])/g;

function number(value: unknown): number {
  const found = numeric(value);
  if (typeof found === 'number') return found;
  throw new TemplateError(`'${textOf(value)}' is not a number`, undefined, { hint: 'add | int, or use %s' });
}

function convert(kind: string, value: unknown, precision: string | undefined): string {
  const digits = precision === undefined ? 6 : Number(precision);
  switch (kind) {
    case 's':
      return precision === undefined ? textOf(value) : textOf(value).slice(0, digits);
    case 'r':
      return representation(value);
    case 'd':
    case 'i':
      return String(Math.trunc(number(value)));
    case 'f':
    case 'F':
      return number(value).toFixed(digits);
    case 'e':
      return number(value).toExponential(digits);
    case 'g':
      return String(Number(number(value).toPrecision(digits || 1)));
    case 'x':
      return Math.trunc(number(value)).toString(16);
    case 'X':
      return Math.trunc(number(value)).toString(16).toUpperCase();
    case 'o':
      return Math.trunc(number(value)).toString(8);
    default:
      throw new TemplateError(`'%${kind}' is not a way to format`, undefined, {
        hint: 'write %% for a plain %',
      });
  }
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0')) return text.padStart(width);
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

/** Python's `'%s and %d' % (a, b)`. */
export function formatPercent(pattern: string, value: unknown): string {
  const values = Array.isArray(value) ? value : [value];
  let next = 0;
  return pattern.replace(directive, (...match) => {
    const groups = match.at(-1) as Record<string, string | undefined>;
    const { key, flags = '', width = '', precision, kind = '' } = groups;
    if (kind === '%') return '%';
    let item: unknown;
    if (key !== undefined) {
      if (!isMapping(value) || !Object.hasOwn(value, key))
        throw new TemplateError(`there is no value for %(${key})`);
      item = value[key];
    } else {
      if (next >= values.length)
        throw new TemplateError(`there are more % marks than values (${values.length})`);
      item = values[next];
      next += 1;
    }
    const text = convert(kind, item, precision);
    const signed = flags.includes('+') && 'dif'.includes(kind) && !text.startsWith('-') ? `+${text}` : text;
    return pad(signed, flags, Number(width));
  });
}

/** Python's `'{} and {name:>8}'.format(a, name=b)`, with widths and number formats. */
export function formatBraces(pattern: string, args: CallArguments): string {
  let next = 0;
  return pattern.replace(
    /\{\{|\}\}|\{([^{}:!]*)(?:!([rs]))?(?::([^{}]*))?\}/g,
    (all, field, conversion, format) => {
      if (all === '{{' || all === '}}') return all[0] ?? '';
      const name: string = field === '' ? String(next++) : field;
      const found = /^\d+$/.test(name) ? args.positional[Number(name)] : args.named.get(name);
      if (found === undefined) throw new TemplateError(`there is no value for {${name}}`);
      const text = conversion === 'r' ? representation(found) : textOf(found);
      return format ? aligned(format, found, text) : text;
    },
  );
}

function aligned(format: string, value: unknown, text: string): string {
  const parts = /^(?:(.)?([<>^]))?(\+)?(0)?(\d*)(?:\.(\d+))?([a-zA-Z])?$/.exec(format);
  if (!parts) throw new TemplateError(`the format ':${format}' is not supported`);
  const [, fill = ' ', side, plus = '', zero = '', width = '0', precision, kind] = parts;
  const converted = kind || precision !== undefined ? convert(kind ?? 's', value, precision) : text;
  const signed =
    plus && typeof numeric(value) === 'number' && Number(value) >= 0 ? `+${converted}` : converted;
  const columns = Number(width);
  if (zero && !side) return pad(signed, '0', columns);
  if (side === '^') {
    const left = Math.floor(Math.max(0, columns - signed.length) / 2);
    return signed.padStart(signed.length + left, fill).padEnd(columns, fill);
  }
  const toRight = side === '>' || (!side && (typeof value === 'number' || value instanceof WholeFloat));
  return toRight ? signed.padStart(columns, fill) : signed.padEnd(columns, fill);
}
