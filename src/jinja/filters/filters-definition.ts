import { WholeFloat } from '../../python/whole-float.ts';
import type { CallArguments } from '../values/callable.ts';
import { TemplateError } from '../values/template-error.ts';
import { kindOf, textOf } from '../values/value.ts';

/** Other filters and tests, for those that take a name, as map and select do. */
export interface FilterEngine {
  filter(name: string, input: unknown, args: CallArguments): unknown;
  test(name: string, input: unknown, args: CallArguments): boolean;
}

/** A filter or test; its arguments arrive in the order of the parameters (see bindArguments). */
export interface Filter<Result = unknown> {
  readonly parameters: readonly string[];
  readonly call: (input: unknown, args: readonly unknown[], engine: FilterEngine) => Result;
  /** Gets undefined values too; without it they are an error before the call. */
  readonly takesUndefined: boolean;
}

/** A filter from outside: a plain function of the value and the arguments that stand without names. */
export type PlainFilter = (value: unknown, args: readonly unknown[]) => unknown;

/** Filters beside those of Jinja2 and Ansible, by name. */
export type MoreFilters = ReadonlyMap<string, PlainFilter> | undefined;

export type FilterTable<Result = unknown> = Readonly<Record<string, Filter<Result>>>;

/** Defines a filter. */
export function filter<Result>(parameters: readonly string[], call: Filter<Result>['call']): Filter<Result> {
  return { parameters, call, takesUndefined: false };
}

/** Defines a filter that has something to say about undefined values. */
export function lenientFilter<Result>(
  parameters: readonly string[],
  call: Filter<Result>['call'],
): Filter<Result> {
  return { parameters, call, takesUndefined: true };
}

/** The value as a number or, when it is left out, another one. Throws TemplateError for anything else. */
export function numberArgument(value: unknown, otherwise: number): number {
  if (value === undefined || value === null) return otherwise;
  const found =
    typeof value === 'string' && value.trim() !== ''
      ? Number(value)
      : value instanceof WholeFloat
        ? value.valueOf()
        : value;
  if (typeof found === 'number' && !Number.isNaN(found)) return found;
  throw new TemplateError(`${kindOf(value)} stands where a number is needed`);
}

/** The value as text or, when it is left out, another one. */
export function textArgument(value: unknown, otherwise: string): string {
  return value === undefined || value === null ? otherwise : textOf(value);
}
