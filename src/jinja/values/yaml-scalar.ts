import { floatOf, type WholeFloat } from '../../python/whole-float.ts';

const constants: ReadonlyMap<string, boolean | null> = new Map([
  ...['yes', 'on', 'true'].flatMap((word) => spellings(word).map((one) => [one, true] as const)),
  ...['no', 'off', 'false'].flatMap((word) => spellings(word).map((one) => [one, false] as const)),
  ...['~', '', ...spellings('null')].map((one) => [one, null] as const),
]);

function spellings(word: string): readonly string[] {
  return [word, `${word.charAt(0).toUpperCase()}${word.slice(1)}`, word.toUpperCase()];
}

// Most plain texts begin with a letter and mean themselves.
const wordly = /^(?:yes|no|on|off|true|false|null)$/i;
const integer = /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const decimal =
  /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/;
const special = /^(?:([-+])?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/**
 * What a text without quotes and without a tag means: booleans, numbers and nothing as Ansible's YAML 1.1 has them,
 * so `yes`, `0x1F` and `1_000`, but `1e3` is a text.
 */
export function plainValue(raw: string): string | number | boolean | null | WholeFloat {
  if (/^[A-Za-z/]/.test(raw) && !wordly.test(raw)) return raw;
  const constant = constants.get(raw);
  if (constant !== undefined) return constant;
  if (integer.test(raw)) return integerOf(raw.replaceAll('_', ''));
  if (decimal.test(raw)) return floatOf(sixties(raw.replaceAll('_', '')));
  const match = special.exec(raw);
  if (!match) return raw;
  if (/nan$/i.test(raw)) return Number.NaN;
  return match[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Whether a text without quotes is an octal number with a leading zero, as modes are written. */
export function isOctal(raw: string): boolean {
  return /^[-+]?0[0-7]+$/.test(raw);
}

function integerOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  if (/^0[0-7]/.test(digits)) return sign * Number.parseInt(digits, 8);
  return digits.includes(':') ? sixties(text) : sign * Number(digits);
}

// `1:30` is ninety: hours, minutes and seconds in YAML 1.1.
function sixties(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const parts = text.replace(/^[-+]/, '').split(':');
  return sign * parts.reduce((total, part) => total * 60 + Number(part), 0);
}
