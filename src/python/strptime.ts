import { months } from './strftime.ts';

interface Directive {
  readonly pattern: string;
  readonly field?: string;
}

const number = (pattern: string, field: string): Directive => ({ pattern, field });
const monthNames = months.map((name) => name.toLowerCase());

// As Python reads them, in English.
const directives: Readonly<Record<string, Directive>> = {
  '%': { pattern: '%' },
  a: { pattern: '(?:sun|mon|tue|wed|thu|fri|sat)' },
  A: { pattern: '(?:sunday|monday|tuesday|wednesday|thursday|friday|saturday)' },
  b: { pattern: `(?:${monthNames.map((name) => name.slice(0, 3)).join('|')})`, field: 'monthName' },
  B: { pattern: `(?:${monthNames.join('|')})`, field: 'monthName' },
  d: number('(?:3[01]|[12]\\d|0[1-9]|[1-9]| [1-9])', 'day'),
  f: number('\\d{1,6}', 'fraction'),
  H: number('(?:2[0-3]|[01]\\d|\\d)', 'hour'),
  I: number('(?:1[0-2]|0[1-9]|[1-9])', 'twelve'),
  j: number('\\d{1,3}', 'yearDay'),
  m: number('(?:1[0-2]|0[1-9]|[1-9])', 'month'),
  M: number('[0-5]?\\d', 'minute'),
  p: { pattern: '(?:am|pm)', field: 'half' },
  S: number('(?:6[01]|[0-5]?\\d)', 'second'),
  y: number('\\d\\d', 'short'),
  Y: number('\\d{4}', 'year'),
  z: { pattern: '(?:z|[+-]\\d\\d:?[0-5]\\d)' },
  Z: { pattern: '(?:utc|gmt)' },
};

const compound: Readonly<Record<string, string>> = {
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  R: '%H:%M',
  T: '%H:%M:%S',
};

function expressionOf(format: string): { readonly source: string; readonly fields: readonly string[] } {
  const fields: string[] = [];
  const whole = format.replaceAll(/%([DFRT])/g, (_all, kind: string) => compound[kind] ?? '');
  const source = whole.replaceAll(/%(.)|\s+|[^\w\s]/gs, (found, kind: string | undefined) => {
    if (kind === undefined) return /\s/.test(found) ? '\\s+' : `\\${found}`;
    const known = Object.hasOwn(directives, kind) ? directives[kind] : undefined;
    if (!known) throw new Error(`'%${kind}' of the format '${format}' cannot be read`);
    if (known.field === undefined) return known.pattern;
    fields.push(known.field);
    return `(${known.pattern})`;
  });
  return { source: `^${source}$`, fields };
}

/** Python's `strptime`: microseconds since 1970, were the time that of UTC. Throws an Error that says what does not fit. */
export function strptime(text: string, format: string): number {
  const { source, fields } = expressionOf(format);
  const match = new RegExp(source, 'i').exec(text);
  if (!match) throw new Error(`the time '${text}' does not fit the format '${format}'`);
  const found = new Map(fields.map((field, index) => [field, (match[index + 1] ?? '').toLowerCase()]));
  const value = (field: string) => (found.has(field) ? Number(found.get(field)) : undefined);
  const short = value('short');
  const year = value('year') ?? (short === undefined ? 1900 : short + (short < 69 ? 2000 : 1900));
  const named = monthNames.findIndex((name) => name.startsWith(found.get('monthName') ?? '-'));
  const month = value('month') ?? (named < 0 ? 1 : named + 1);
  const yearDay = value('yearDay');
  const twelve = value('twelve');
  const half = found.get('half') === 'pm' ? 12 : 0;
  const hour = value('hour') ?? (twelve === undefined ? 0 : (twelve % 12) + half);
  const day = yearDay === undefined ? (value('day') ?? 1) : yearDay;
  const date = Date.UTC(year, yearDay === undefined ? month - 1 : 0, day, hour, value('minute') ?? 0);
  if (yearDay === undefined && new Date(date).getUTCDate() !== day)
    throw new Error(`the day of '${text}' is out of range for its month`);
  const fraction = Number((found.get('fraction') ?? '').padEnd(6, '0'));
  return (date + (value('second') ?? 0) * 1000) * 1000 + fraction;
}
