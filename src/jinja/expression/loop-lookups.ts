import { pythonPattern } from '../../python/python-pattern.ts';
import { TemplateError } from '../values/template-error.ts';
import { isMapping, itemsOf, kindOf, textOf } from '../values/value.ts';
import type { ExpressionEnvironment } from './expression-environment.ts';
import { fileTree } from './file-tree.ts';

type Terms = readonly unknown[];
type Lookup = (terms: Terms, environment: ExpressionEnvironment) => readonly unknown[];

function listOf(value: unknown): Terms {
  return Array.isArray(value) ? value : [value];
}

function flat(value: unknown): Terms {
  return Array.isArray(value) ? value.flatMap(flat) : value === null ? [] : [value];
}

function dict(terms: Terms): Terms {
  return terms.flatMap((term) => {
    if (!isMapping(term)) throw new TemplateError(`with_dict needs a mapping, not ${kindOf(term)}`);
    return Object.entries(term).map(([key, value]) => ({ key, value }));
  });
}

function nested(terms: Terms): Terms {
  if (terms.length === 0) throw new TemplateError('with_nested needs at least one list');
  const lists = terms.map(listOf);
  return lists.reduce<readonly Terms[]>(
    (rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])),
    [[]],
  );
}

function together(terms: Terms): Terms {
  const lists = terms.map(listOf);
  if (lists.length === 0) throw new TemplateError('with_together needs at least one list');
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) => lists.map((list) => list[index] ?? null));
}

// A copy in which what a path leads to is missing.
function without(value: unknown, [key = '', ...rest]: readonly string[]): unknown {
  if (!isMapping(value)) return value;
  const { [key]: part, ...others } = value;
  return rest.length === 0 ? others : { ...others, [key]: without(part, rest) };
}

function subelements(terms: Terms): Terms {
  const [whole, path, options] = terms;
  const skips = isMapping(options) && (options.skip_missing === true || options.skip_missing === 'True');
  const all = isMapping(whole) ? Object.values(whole) : itemsOf(whole);
  return all.flatMap((item) => {
    let found: unknown = item;
    for (const key of textOf(path).split('.')) found = isMapping(found) ? found[key] : undefined;
    if (found === undefined && skips) return [];
    if (!Array.isArray(found))
      throw new TemplateError(
        `with_subelements needs a list at '${textOf(path)}' of each item, not ${kindOf(found)}`,
      );
    const rest = without(item, textOf(path).split('.'));
    return found.map((part) => [rest, part]);
  });
}

function sequenceNumber(text: string): number {
  return /^-?0[xX]/.test(text)
    ? Number.parseInt(text, 16)
    : /^-?0\d/.test(text)
      ? Number.parseInt(text, 8)
      : Number(text);
}

function sequence(terms: Terms): Terms {
  return terms.flatMap((term) => {
    const text = textOf(term).trim();
    const options = new Map(
      [...text.matchAll(/(\w+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]),
    );
    const short = /^(?:(-?\w+)-)?(-?\w+)(?:\/(-?\w+))?(?::(.+))?$/.exec(options.size > 0 ? '' : text);
    const number = (key: string, place: number) => {
      const found = options.get(key) ?? short?.[place];
      return found === undefined ? undefined : sequenceNumber(found);
    };
    const start = number('start', 1) ?? 1;
    const count = number('count', 9);
    const stride = number('stride', 3) ?? 1;
    const end = number('end', 2) ?? (count === undefined ? undefined : start + (count - 1) * stride);
    if (end === undefined || ![start, stride, end].every(Number.isInteger) || stride === 0)
      throw new TemplateError(`'${text}' is no sequence`, undefined, {
        hint: 'write start=1 end=5, or count=5',
      });
    if (count === 0) return [];
    const length = Math.max(0, Math.floor((end - start) / stride) + 1);
    if (length > 100_000) throw new TemplateError(`'${text}' gives too many items`);
    const format = options.get('format') ?? short?.[4] ?? '%d';
    return Array.from({ length }, (_, index) => formatted(format, start + index * stride));
  });
}

function formatted(format: string, value: number): string {
  return format.replaceAll(/%(0?)(\d*)([dxXo%])/g, (_all, zero: string, width: string, kind: string) => {
    if (kind === '%') return '%';
    const digits = value.toString(kind === 'd' ? 10 : kind === 'o' ? 8 : 16);
    return (kind === 'X' ? digits.toUpperCase() : digits).padStart(Number(width), zero === '0' ? '0' : ' ');
  });
}

// Names, or names with the places where to look: the first that is there.
function firstFound(terms: Terms, environment: ExpressionEnvironment): Terms {
  const words = (value: unknown): readonly string[] =>
    Array.isArray(value)
      ? value.flatMap(words)
      : value === undefined || value === null
        ? []
        : textOf(value).split(/[,;]\s*/);
  let skips = false;
  const names = terms.flatMap((term) => {
    if (!isMapping(term)) return flat(term).map(textOf);
    skips ||= term.skip === true || term.errors === 'ignore';
    const paths = words(term.paths);
    const files = words(term.files);
    return paths.length === 0
      ? files
      : paths.flatMap((path) => files.map((file) => `${path.replace(/\/$/, '')}/${file}`));
  });
  for (const name of names) {
    const found = environment.locate?.(name);
    if (found !== undefined) return [found];
  }
  if (skips) return [];
  throw new TemplateError(`none of these files is there: ${names.join(', ')}`, undefined, {
    code: 'missing-file',
    hint: 'add one of them, or skip: true',
  });
}

function varnames(terms: Terms, environment: ExpressionEnvironment): Terms {
  const names = [...new Set(environment.names())];
  return terms.flatMap((term) => {
    const pattern = pythonPattern(textOf(term));
    return names.filter((name) => pattern.test(name));
  });
}

const lookups: Readonly<Record<string, Lookup>> = {
  items: (terms) => terms.flatMap(listOf),
  list: (terms) => terms,
  dict,
  nested,
  cartesian: nested,
  together,
  subelements,
  sequence,
  flattened: (terms) => terms.flatMap(flat),
  indexed_items: (terms) => terms.flatMap(listOf).map((item, index) => [index, item]),
  first_found: firstFound,
  varnames,
  fileglob: (terms, environment) => terms.flatMap((term) => environment.glob?.(textOf(term)) ?? []),
  filetree: (terms, environment) =>
    fileTree(terms.flatMap((term) => environment.locate?.(textOf(term).replace(/\/+$/, '')) ?? [])),
  file: (terms, environment) =>
    terms.map((term) => {
      if (!environment.file) throw new TemplateError('files cannot be read here');
      return environment.file(textOf(term)).trimEnd();
    }),
};

/** Names of the lookups that make lists, for loops and for `query`. */
export const listLookups: readonly string[] = Object.keys(lookups);

/** The items that a lookup makes of its terms; undefined when it is none of these. Throws TemplateError. */
export function lookupItems(
  name: string,
  terms: Terms,
  environment: ExpressionEnvironment,
): Terms | undefined {
  return Object.hasOwn(lookups, name) ? lookups[name]?.(terms, environment) : undefined;
}
