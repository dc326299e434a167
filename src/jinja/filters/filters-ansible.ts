import { TemplateError } from '../values/template-error.ts';
import { isMapping, textOf, truthy } from '../values/value.ts';
import { type FilterTable, filter, numberArgument } from './filters-definition.ts';

const sizes = ['Y', 'Z', 'E', 'P', 'T', 'G', 'M', 'K'];

// As many bytes as fit two places behind the point.
function humanReadable(value: unknown, isBits: unknown, unit: unknown): string {
  const size = numberArgument(value, 0);
  const base = truthy(isBits ?? false) ? 'bits' : 'Bytes';
  const letter = truthy(isBits ?? false) ? 'b' : 'B';
  const wanted = unit === undefined || unit === null ? undefined : textOf(unit).toUpperCase();
  for (const [index, suffix] of sizes.entries()) {
    const limit = 1024 ** (sizes.length - index);
    if (wanted === undefined ? size >= limit : wanted === suffix)
      return `${(size / limit).toFixed(2)} ${suffix}${letter}`;
  }
  return `${size.toFixed(2)} ${base}`;
}

function bytesOf(value: unknown, unit: unknown): number {
  const text = `${textOf(value)}${unit === undefined || unit === null ? '' : textOf(unit)}`;
  const [, number = '', suffix = ''] = /^\s*(\d*\.?\d*)\s*([A-Za-z]*)\s*$/.exec(text) ?? [];
  const place =
    suffix === '' || /^(?:b|bytes?)$/i.test(suffix) ? -1 : sizes.indexOf(suffix.charAt(0).toUpperCase());
  const fits = suffix === '' || /^(?:b|bytes?)$/i.test(suffix) || /^[YZEPTGMK](?:b|B)?$/i.test(suffix);
  if (number === '' || !fits)
    throw new TemplateError(`'${text.trim()}' is no number of bytes`, undefined, {
      hint: 'write 10M, 2.5 GB or 100',
    });
  return Math.round(Number(number) * (place < 0 ? 1 : 1024 ** (sizes.length - place)));
}

function fileSize(value: unknown, binary: unknown): string {
  const bytes = numberArgument(value, 0);
  const isBinary = truthy(binary ?? false);
  const base = isBinary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const units = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  const place = Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(base)) - 1);
  const unit = units[place] ?? '';
  return `${(bytes / base ** (place + 1)).toFixed(1)} ${isBinary ? `${unit.toUpperCase()}i` : unit}B`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

function attributes(value: unknown, spaced: unknown): string {
  if (!isMapping(value)) throw new TemplateError('xmlattr needs a mapping');
  const words = Object.entries(value)
    .filter(([, item]) => item !== null && item !== undefined)
    .map(([key, item]) => `${key}="${textOf(item).replaceAll(/[&<>"']/g, (one) => escapes[one] ?? one)}"`);
  const text = words.join(' ');
  return text !== '' && truthy(spaced ?? true) ? ` ${text}` : text;
}

/** Filters for sizes and markup. */
export const ansibleFilters: FilterTable = {
  human_readable: filter(['isbits?', 'unit?'], (value, [isBits, unit]) => humanReadable(value, isBits, unit)),
  human_to_bytes: filter(['default_unit?', 'isbits?'], (value, [unit]) => bytesOf(value, unit)),
  filesizeformat: filter(['binary?'], (value, [binary]) => fileSize(value, binary)),
  xmlattr: filter(['autospace?'], (value, [spaced]) => attributes(value, spaced)),
};
