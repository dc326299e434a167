import type { Problem } from '../../errors/problem.ts';
import { hasTemplate, isTemplate } from '../../jinja/values/template-marks.ts';
import type { AnyResource } from '../../resources/resource.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';

/** What is wrong with arguments whatever a host is like, as far as they are written without templates. */
export function argumentFaults(resource: AnyResource, args: YamlNode, prepared: unknown): readonly Problem[] {
  const templated = (key: string) => hasTemplate(args.get(key)?.value);
  const literal = args.entries().every(([key]) => !templated(key));
  return (resource.faults?.(literal ? prepared : readable(resource, prepared)) ?? []).flatMap((text) => {
    const [, key, reason] = /^(\w+): (.*)$/s.exec(text) ?? [];
    if (key === undefined || !args.get(key))
      return literal
        ? [{ code: 'wrong-value', message: `${resource.name}: ${text}`, at: args.position }]
        : [];
    if (templated(key)) return [];
    return [{ code: 'wrong-value', message: `${key} cannot be used: ${reason}`, at: args.at(key) }];
  });
}

// A list or a mapping that a template will give is none yet: the resource sees an empty one, and what it says of that is not heard.
function readable({ schema }: AnyResource, prepared: unknown): unknown {
  const kinds: Readonly<Record<string, { readonly type?: string }>> =
    'properties' in schema ? Object(schema.properties) : {};
  const empty = (key: string, value: unknown) => {
    const kind = isTemplate(value) ? kinds[key]?.type : undefined;
    if (kind === 'array') return [];
    return kind === 'object' ? {} : value;
  };
  return Object.fromEntries(Object.entries(prepared ?? {}).map(([key, value]) => [key, empty(key, value)]));
}
