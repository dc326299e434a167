import { didYouMean } from '../../errors/did-you-mean.ts';
import { numberArgument } from '../filters/filters-definition.ts';
import { timeNow } from '../filters/filters-time.ts';
import { bindArguments, type CallArguments, Callable } from '../values/callable.ts';
import { ownCopy } from '../values/methods.ts';
import { TemplateError } from '../values/template-error.ts';
import { defined, Undefined } from '../values/undefined.ts';
import { isMapping, itemsOf, textOf } from '../values/value.ts';
import { controlNodeLookup, controlNodeLookups } from './control-node-lookups.ts';
import type { ExpressionEnvironment } from './expression-environment.ts';
import { listLookups, lookupItems } from './loop-lookups.ts';

type Function = (args: CallArguments, environment: ExpressionEnvironment) => unknown;

const longestRange = 1_000_000;
const namespaces = new WeakSet<object>();

/** Whether a template may set attributes of this value: it came from namespace(). */
export function isNamespace(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && namespaces.has(value);
}

function range(args: CallArguments): number[] {
  const numbers = args.positional.map((value) => Math.trunc(numberArgument(defined(value), 0)));
  const [first = 0, second, step = 1] = numbers;
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  if (step === 0) throw new TemplateError('the step of range cannot be 0');
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (count > longestRange) throw new TemplateError(`range gives more than ${longestRange} numbers`);
  return ownCopy(Array.from({ length: count }, (_, index) => start + index * step));
}

function mapping(args: CallArguments): Record<string, unknown> {
  const [first] = args.positional;
  const pairs = Array.isArray(first)
    ? first.map((pair): [string, unknown] => [textOf(itemsOf(pair)[0]), itemsOf(pair)[1]])
    : isMapping(first)
      ? Object.entries(first)
      : [];
  return ownCopy(Object.fromEntries([...pairs, ...args.named]));
}

function namespace(args: CallArguments): Record<string, unknown> {
  const made = mapping(args);
  namespaces.add(made);
  return made;
}

function cycler({ positional }: CallArguments): Record<string, unknown> {
  let next = 0;
  return {
    get current() {
      return positional[next];
    },
    next: new Callable('next', () => {
      const value = positional[next];
      next = (next + 1) % Math.max(1, positional.length);
      return value;
    }),
    reset: new Callable('reset', () => {
      next = 0;
      return null;
    }),
  };
}

function joiner({ positional: [separator = ', '] }: CallArguments): Callable {
  let used = false;
  return new Callable('joiner', () => {
    if (used) return separator;
    used = true;
    return '';
  });
}

const lookups: Readonly<Record<string, Function>> = {
  env: (args) => {
    const [, name, otherwise] = bindArguments("lookup('env')", ['lookup', 'name', 'default?'], args);
    return process.env[textOf(name)] ?? otherwise ?? '';
  },
  file: (args, environment) => {
    const [, names, keepEnd, keepStart] = bindArguments(
      "lookup('file')",
      ['lookup', '*names', 'rstrip?', 'lstrip?'],
      args,
    );
    const { file } = environment;
    if (!file) throw new TemplateError("lookup('file') cannot be used here");
    const texts = itemsOf(names).map((name) => {
      const text = file.call(environment, textOf(name));
      const trimmed = keepEnd === false ? text : text.trimEnd();
      return keepStart === true ? trimmed.trimStart() : trimmed;
    });
    return texts.join(',');
  },
  vars: (args, environment) => {
    const [, name, otherwise] = bindArguments("lookup('vars')", ['lookup', 'name', 'default?'], args);
    const found = environment.find(textOf(name));
    if (found !== undefined && !(found instanceof Undefined)) return found;
    if (otherwise !== undefined) return otherwise;
    throw new TemplateError(`the variable '${textOf(name)}' is not defined`, undefined, {
      code: 'undefined-variable',
      hint: didYouMean(textOf(name), environment.names()),
    });
  },
};

function itemsOfLookup(name: string): Function {
  return (args, environment) => {
    const items = lookupItems(name, args.positional.slice(1).map(defined), environment) ?? [];
    return oneOf(args, items);
  };
}

// As lookup gives what its plugin lists.
function oneOf({ named }: CallArguments, items: readonly unknown[]): unknown {
  if (named.get('wantlist') === true || items.length === 0) return items;
  if (items.every((item) => typeof item === 'string')) return items.join(',');
  return items.length === 1 ? items[0] : items;
}

function plainName(name: string): string {
  return name.replace(/^(?:ansible\.builtin|ansible\.legacy|community\.general)\./, '');
}

/** Throws TemplateError for a lookup that there is not. */
export function lookupNamed(name: string): Function {
  const plain = plainName(name);
  const found = Object.hasOwn(lookups, plain) ? lookups[plain] : undefined;
  if (found) return found;
  if (listLookups.includes(plain)) return itemsOfLookup(plain);
  const here = controlNodeLookup(plain);
  if (here) return (args, environment) => oneOf(args, here(args, environment));
  throw new TemplateError(`the lookup '${name}' is not supported`, undefined, {
    code: 'not-supported',
    why: 'a template runs nothing and asks nobody: its value would not be the same on every run',
    hint:
      didYouMean(plain, [...Object.keys(lookups), ...listLookups, ...controlNodeLookups]) ??
      "use lookup('file'), lookup('env') or lookup('vars')",
  });
}

function lookup(args: CallArguments, environment: ExpressionEnvironment): unknown {
  for (const value of args.positional) defined(value);
  const [name] = args.positional;
  if (name === undefined) throw new TemplateError('lookup needs the name of a lookup and what to look for');
  return lookupNamed(textOf(name))(args, environment);
}

// As lookup, but always a list: of what is listed, or of what each term gives.
function query(args: CallArguments, environment: ExpressionEnvironment): unknown {
  const [name, ...terms] = args.positional;
  const named = new Map(args.named).set('wantlist', true);
  if (controlNodeLookups.includes(plainName(textOf(defined(name)))))
    return lookup({ ...args, named }, environment);
  if (listLookups.includes(plainName(textOf(defined(name))))) {
    return lookupItems(plainName(textOf(defined(name))), terms.map(defined), environment) ?? [];
  }
  return terms.map((term) => lookup({ ...args, positional: [name, term] }, environment));
}

const functions: Readonly<Record<string, Function>> = {
  range,
  dict: mapping,
  namespace,
  cycler,
  joiner,
  lookup,
  query,
  q: query,
  now: (args) => {
    const [utc, format] = bindArguments('now', ['utc?', 'fmt?'], args);
    return timeNow(utc, format);
  },
  undef: (args) => {
    const [hint] = bindArguments('undef', ['hint?'], args);
    return new Undefined(hint === undefined || hint === null ? 'it is not defined' : textOf(hint));
  },
};

const refused: Readonly<Record<string, string>> = {
  null: 'write none',
  lipsum: 'write the text itself',
  environment: "use lookup('env', 'NAME') for this machine, ansible_facts.env for the host",
};

/** Names of the functions that every template can call. */
export const functionNames: readonly string[] = Object.keys(functions);

/** A function that every template can call. */
export function functionNamed(name: string, environment: ExpressionEnvironment): Callable | undefined {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  return found && new Callable(name, (args) => found(args, environment));
}

/** What to do instead of a name that Ansible has and this tool has not. */
export function refusedName(name: string): string | undefined {
  return Object.hasOwn(refused, name) ? refused[name] : undefined;
}
