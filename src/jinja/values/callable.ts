import { didYouMean } from '../../errors/did-you-mean.ts';
import { TemplateError } from './template-error.ts';

/** Evaluated arguments of a call, filter or test. */
export interface CallArguments {
  readonly positional: readonly unknown[];
  readonly named: ReadonlyMap<string, unknown>;
}

/** Something that a template can call: a macro, a function, a method bound to its object. */
export class Callable {
  readonly name: string;
  readonly call: (args: CallArguments) => unknown;
  /** What `function.name` gives, as `loop.index`. */
  readonly attributes: Readonly<Record<string, unknown>> | undefined;

  constructor(
    name: string,
    call: (args: CallArguments) => unknown,
    attributes?: Readonly<Record<string, unknown>>,
  ) {
    this.name = name;
    this.call = call;
    this.attributes = attributes;
  }
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

const known = new WeakMap<readonly string[], Bounds>();

// How many positional arguments need no more than to be taken in their order; none where a parameter takes the others.
function boundsOf(parameters: readonly string[]): Bounds {
  const found = known.get(parameters);
  if (found) return found;
  const most = parameters.some((parameter) => parameter.startsWith('*')) ? -1 : parameters.length;
  const bounds = { least: parameters.findLastIndex((parameter) => !parameter.endsWith('?')) + 1, most };
  known.set(parameters, bounds);
  return bounds;
}

/**
 * Puts arguments into the order of the parameters; what was not given is `undefined`.
 * `name` must be given, `name?` may be, `*name` takes the other positional ones as a list (what follows it must be
 * named), `**name` the other named ones as a Map.
 */
export function bindArguments(what: string, parameters: readonly string[], args: CallArguments): unknown[] {
  const { least, most } = boundsOf(parameters);
  const { length } = args.positional;
  if (args.named.size === 0 && length >= least && length <= most)
    return parameters.map((_, index) => args.positional[index]);
  const named = new Map(args.named);
  const names = parameters
    .filter((parameter) => !parameter.startsWith('*'))
    .map((parameter) => parameter.replace('?', ''));
  const rest = parameters.findIndex((parameter) => parameter.startsWith('*'));
  const places = names.slice(0, rest < 0 ? names.length : rest);
  const bound = new Map<string, unknown>();
  for (const [index, value] of args.positional.slice(0, places.length).entries()) {
    bound.set(places[index] ?? '', value);
  }
  for (const name of names) {
    if (!named.has(name)) continue;
    if (bound.has(name)) throw new TemplateError(`${what} got '${name}' twice`);
    bound.set(name, named.get(name));
    named.delete(name);
  }
  const others = args.positional.slice(places.length);
  if (others.length > 0 && !parameters.some((parameter) => /^\*[^*]/.test(parameter))) {
    const allowed = names.length === 0 ? 'no arguments' : `at most ${names.length}: ${names.join(', ')}`;
    throw new TemplateError(`${what} takes ${allowed}`);
  }
  const [unknown] = named.keys();
  if (unknown !== undefined && !parameters.some((parameter) => parameter.startsWith('**'))) {
    throw new TemplateError(`${what} has no argument '${unknown}'`, undefined, {
      hint: didYouMean(unknown, names),
    });
  }
  return parameters.map((parameter) => {
    if (parameter.startsWith('**')) return named;
    if (parameter.startsWith('*')) return others;
    if (parameter.endsWith('?') || bound.has(parameter)) return bound.get(parameter.replace('?', ''));
    throw new TemplateError(`${what} needs the argument '${parameter}'`);
  });
}
