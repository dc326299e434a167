import { isFloat, numeric } from '../../python/whole-float.ts';
import { Callable } from '../values/callable.ts';
import { TemplateError } from '../values/template-error.ts';
import { Undefined } from '../values/undefined.ts';
import { compare, contains, equal, isMapping, itemsOf, kindOf, textOf, truthy } from '../values/value.ts';
import { boolOf } from './filters-data.ts';
import { type FilterTable, filter, lenientFilter, numberArgument } from './filters-definition.ts';
import { regex } from './filters-regex.ts';
import { versionHolds } from './filters-version.ts';

// A registered result, or that of a loop whose `results` hold the items' own.
function result(value: unknown, test: string): Readonly<Record<string, unknown>> {
  if (isMapping(value)) return value;
  throw new TemplateError(`'is ${test}' needs a registered result, not ${kindOf(value)}`);
}

const outcome = (test: string, key: string) =>
  filter([], (value) => {
    const found = result(value, test);
    if (Object.hasOwn(found, key)) return truthy(found[key]);
    // A loop is skipped only when all its items are, and then says so itself.
    if (key === 'skipped') return false;
    const results = found.results;
    return Array.isArray(results) && results.some((item) => isMapping(item) && item[key] === true);
  });

// A task that did not run in the background is both.
const jobIs = (what: 'started' | 'finished') => filter([], (value) => truthy(result(value, what)[what] ?? 1));

const succeeded = filter([], (value) => !truthy(result(value, 'succeeded').failed ?? false));

const matching = (find: (pattern: RegExp, text: string) => boolean) =>
  filter(['pattern', 'ignorecase?', 'multiline?'], (value, [pattern, ignorecase, multiline]) =>
    find(regex(pattern, { ignorecase, multiline }), textOf(value)),
  );

const matchesStart = (pattern: RegExp, text: string): boolean =>
  new RegExp(`^(?:${pattern.source})`, pattern.flags.replace('m', '')).test(text);

const regexTest = filter(
  ['pattern', 'ignorecase?', 'multiline?', 'match_type?'],
  (value, [pattern, ignorecase, multiline, type]) => {
    const compiled = regex(pattern, { ignorecase, multiline });
    if (type === 'match') return matchesStart(compiled, textOf(value));
    return type === 'fullmatch'
      ? new RegExp(`^(?:${compiled.source})$`, compiled.flags).test(textOf(value))
      : compiled.test(textOf(value));
  },
);

// What stands before the colon is not looked at where no schemes are named, as with Ansible.
function hasScheme(text: string, schemes: unknown): boolean {
  const scheme = /^([a-zA-Z][\w+.-]*):/.exec(text)?.[1]?.toLowerCase() ?? '';
  return !truthy(schemes ?? false) || contains(schemes, scheme);
}

function isUrl(text: string, schemes: unknown): boolean {
  return hasScheme(text, schemes) && /^(?:(?:[a-zA-Z][\w+.-]*:)?\/\/[^/?#]|file:)/i.test(text);
}

const ordered = (holds: (order: number) => boolean) =>
  filter(['other'], (value, [other]) => holds(compare(value, other)));
const equals = filter(['other'], (value, [other]) => equal(value, other));
const differs = filter(['other'], (value, [other]) => !equal(value, other));
const less = ordered((order) => order < 0);
const lessOrEqual = ordered((order) => order <= 0);
const greater = ordered((order) => order > 0);
const greaterOrEqual = ordered((order) => order >= 0);
const subset = filter(['other'], (value, [other]) => itemsOf(value).every((item) => contains(other, item)));
const superset = filter(['other'], (value, [other]) => itemsOf(other).every((item) => contains(value, item)));
const version = filter(
  ['version', 'operator?', 'strict?', 'version_type?'],
  (value, [other, operator, , type]) => versionHolds(value, other, operator, type),
);
const isInteger = filter([], (value) => typeof value === 'number' && Number.isInteger(value));
const changed = outcome('changed', 'changed');
const failed = outcome('failed', 'failed');
const skipped = outcome('skipped', 'skipped');

const whole = (value: unknown): number => {
  const found = numberArgument(value, 0);
  if (Number.isInteger(found)) return found;
  throw new TemplateError(`${textOf(value)} is not a whole number`);
};

const truth = (wanted: boolean) =>
  filter(
    ['convert_bool?'],
    (value, [convert]) =>
      (convert === true && typeof value === 'string' ? boolOf(value) : truthy(value)) === wanted,
  );

/** Tests, as `is` uses them. */
export const tests: FilterTable<boolean> = {
  defined: lenientFilter([], (value) => !(value instanceof Undefined)),
  undefined: lenientFilter([], (value) => value instanceof Undefined),
  none: filter([], (value) => value === null),
  boolean: filter([], (value) => typeof value === 'boolean'),
  true: filter([], (value) => value === true),
  false: filter([], (value) => value === false),
  integer: isInteger,
  float: filter([], isFloat),
  number: filter([], (value) => typeof numeric(value) === 'number'),
  string: filter([], (value) => typeof value === 'string'),
  mapping: filter([], isMapping),
  iterable: filter([], (value) => typeof value === 'string' || Array.isArray(value) || isMapping(value)),
  sequence: filter([], (value) => typeof value === 'string' || Array.isArray(value) || isMapping(value)),
  list: filter([], (value) => Array.isArray(value)),
  callable: lenientFilter([], (value) => value instanceof Callable),
  even: filter([], (value) => whole(value) % 2 === 0),
  odd: filter([], (value) => whole(value) % 2 !== 0),
  divisibleby: filter(['num'], (value, [divisor]) => whole(value) % whole(divisor) === 0),
  sameas: filter(['other'], (value, [other]) => value === other),
  upper: filter([], (value) => textOf(value) === textOf(value).toUpperCase() && /\p{L}/u.test(textOf(value))),
  lower: filter([], (value) => textOf(value) === textOf(value).toLowerCase() && /\p{L}/u.test(textOf(value))),
  in: filter(['container'], (value, [container]) => contains(container, value)),
  contains: filter(['item'], (value, [item]) => contains(value, item)),
  eq: equals,
  equalto: equals,
  '==': equals,
  ne: differs,
  '!=': differs,
  lt: less,
  lessthan: less,
  '<': less,
  le: lessOrEqual,
  '<=': lessOrEqual,
  gt: greater,
  greaterthan: greater,
  '>': greater,
  ge: greaterOrEqual,
  '>=': greaterOrEqual,
  match: matching(matchesStart),
  search: matching((pattern, text) => pattern.test(text)),
  regex: regexTest,
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  version,
  version_compare: version,
  changed,
  change: changed,
  failed,
  failure: failed,
  skipped,
  skip: skipped,
  succeeded,
  started: jobIs('started'),
  finished: jobIs('finished'),
  success: succeeded,
  successful: succeeded,
  unreachable: outcome('unreachable', 'unreachable'),
  timedout: outcome('timedout', 'timedout'),
  truthy: truth(true),
  falsy: truth(false),
  any: filter([], (value) => itemsOf(value).some(truthy)),
  all: filter([], (value) => itemsOf(value).every(truthy)),
  abs: filter([], (value) => textOf(value).startsWith('/')),
  nan: filter([], (value) => Number.isNaN(value)),
  url: filter(['schemes?'], (value, [schemes]) => isUrl(textOf(value), schemes)),
  uri: filter(['schemes?'], (value, [schemes]) => hasScheme(textOf(value), schemes)),
  urn: filter([], (value) => hasScheme(textOf(value), ['urn'])),
  isnan: filter([], (value) => /^[-+]?nan$/i.test(textOf(value).trim())),
};
