import { evaluateText } from '../../jinja/template/template.ts';
import type { TemplateEnvironment } from '../../jinja/template/template-environment.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { isMapping, omit } from '../../jinja/values/value.ts';
import type { Source } from '../model.ts';
import { expressionAt, placeInSource } from './text-place.ts';

type Path = readonly (string | number)[];

/** Runs an evaluation of a text of a YAML value and gives an error that it throws the place in the file. */
export function placed<T>(
  source: Source,
  path: Path,
  text: string,
  sources: ReadonlyMap<string, string>,
  run: () => T,
): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateError) {
      if (!error.place && error.span) error.expression = expressionAt(text, error.span);
      error.place ??= placeInSource(source, path, text, error.span, sources);
    }
    throw error;
  }
}

/**
 * Evaluates a YAML value, or a part of it, with all templates in it; entries whose value is `omit` are left out.
 * Throws TemplateError with the place in the file.
 */
export function evaluateSource(
  source: Source,
  path: Path,
  environment: TemplateEnvironment,
  sources: ReadonlyMap<string, string>,
): unknown {
  const walk = (value: unknown, here: Path): unknown => {
    if (typeof value === 'string') {
      return placed(source, here, value, sources, () => evaluateText(value, environment));
    }
    if (Array.isArray(value))
      return value.map((item, index) => walk(item, [...here, index])).filter((item) => item !== omit);
    if (!isMapping(value)) return value;
    const entries = Object.entries(value).map(([key, item]) => {
      const name = placed(source, [...here, key], key, sources, () => evaluateText(key, environment));
      return [String(name), walk(item, [...here, key])] as const;
    });
    return Object.fromEntries(entries.filter(([, item]) => item !== omit));
  };
  return walk(partOf(source.value, path), path);
}

/** The part of a value that a path leads to; undefined when there is none. */
export function partOf(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, key) => {
    if (Array.isArray(part) && typeof key === 'number') return part[key];
    return isMapping(part) ? part[String(key)] : undefined;
  }, value);
}
