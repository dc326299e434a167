import type { Position } from '../../errors/problem.ts';
import { templateOfValue } from '../../jinja/template/template.ts';
import { usesOfTemplate } from '../../jinja/template/template-uses.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import { isMapping } from '../../jinja/values/value.ts';
import type { Layers } from '../evaluate/scope-layers.ts';
import type { Source, VariableLayer } from '../model.ts';

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isMapping(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** The names that the templates of a value take from outside, in their order. */
export function namesIn(value: unknown): readonly string[] {
  return textsIn(value)
    .filter(isTemplate)
    .flatMap((text) => usesOfTemplate(templateOfValue(text)).names.map(({ name }) => name));
}

/**
 * Where the user gave a value to the first of some names, or to what a role makes of it; undefined where nobody but roles did.
 * @param extra what the command line gives
 */
export function userPlace(
  names: readonly string[],
  extra: VariableLayer,
  { aboveMemory, aboveFacts, belowFacts }: Layers,
): Position | undefined {
  const layers = [extra, ...aboveMemory, ...aboveFacts, ...belowFacts];
  const seen = new Set<string>();
  const follow = (name: string): Position | undefined => {
    if (seen.has(name)) return undefined;
    seen.add(name);
    const layer = layers.find(({ variables }) => variables.has(name));
    const source: Source | undefined = layer?.variables.get(name);
    if (!layer || !source) return undefined;
    return layer.files === undefined ? source.at() : first(namesIn(source.value));
  };
  const first = (some: readonly string[]): Position | undefined => {
    for (const name of some) {
      const place = follow(name);
      if (place) return place;
    }
    return undefined;
  };
  return first(names);
}
