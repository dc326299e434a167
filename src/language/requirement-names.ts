import { parseYaml } from './source/yaml/yaml.ts';
import type { YamlNode } from './source/yaml/yaml-node.ts';

/** A line of a file of requirements, as ansible-galaxy reads it. */
export interface RequirementName {
  readonly kind: 'role' | 'collection';
  readonly name: string;
}

// A role from a repository is called like the repository.
function nameOf(node: YamlNode): string | undefined {
  const given = node.isMapping()
    ? (node.get('name') ?? node.get('role') ?? node.get('src'))?.value
    : node.value;
  if (typeof given !== 'string') return undefined;
  const [source = ''] = given.split(',');
  return /[/:]/.test(source)
    ? source
        .replace(/\.git$/, '')
        .split(/[/:]/)
        .at(-1)
    : source;
}

/** The roles and collections that requirements.yml names. */
export function requirementNames(file: string, text: string): readonly RequirementName[] {
  const { root } = parseYaml(file, text);
  const named = (kind: RequirementName['kind'], list: YamlNode | undefined) =>
    (list?.items() ?? []).flatMap((item) => {
      const name = nameOf(item);
      return name === undefined ? [] : [{ kind, name }];
    });
  if (root?.isList()) return named('role', root);
  return [...named('role', root?.get('roles')), ...named('collection', root?.get('collections'))];
}
