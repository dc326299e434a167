import type { Position, Problem } from '../../../errors/problem.ts';
import type { AnyResource } from '../../../resources/resource.ts';
import { coerce } from './schema-coercion.ts';
import { type SchemaProblem, schemaProblems } from './schema-problem.ts';

/** Where the parts of a value stand: a Source, or anything with its `at`. */
export interface Places {
  at(...path: readonly (string | number)[]): Position;
  /** Position of the key instead of its value. */
  keyAt?(...path: readonly (string | number)[]): Position;
}

/** Arguments ready for their resource, or what is wrong with them. */
export interface PreparedArguments {
  /** Coerced, with defaults filled in; not to be used when there are problems. */
  readonly args: unknown;
  readonly problems: readonly Problem[];
}

/** Turns what a schema found into a problem with a position. */
export function placeProblem({ path, onKey, ...rest }: SchemaProblem, places: Places): Problem {
  const at = onKey && places.keyAt ? places.keyAt(...path) : places.at(...path);
  return { ...rest, at };
}

/**
 * Checks arguments against the resource's schema and fits them to it: a plain string becomes the free-form argument,
 * `yes` becomes true, `"514"` a number, one item a list of one, and defaults are filled in.
 * @param templated true at load time, when strings may still hold templates: those pass as any type
 */
export function prepareArguments(
  resource: AnyResource,
  value: unknown,
  places: Places,
  { templated = false }: { readonly templated?: boolean } = {},
): PreparedArguments {
  const { freeform } = resource;
  const given = value ?? {};
  const whole = typeof given === 'string' && freeform ? { [freeform]: given } : given;
  const conditions = resource.kind === 'control' ? (resource.conditions ?? []) : [];
  const args = coerce(resource.schema, whole, { templated, splits: (key) => !conditions.includes(key) });
  const problems = schemaProblems(resource.schema, args, resource.name, templated);
  return { args, problems: problems.map((problem) => placeProblem(problem, places)) };
}
