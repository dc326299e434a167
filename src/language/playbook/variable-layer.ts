import type { VariableLayer } from '../model.ts';
import { booleanWord } from '../schema/schema-coercion.ts';
import type { YamlNode } from '../yaml/yaml-node.ts';

/** `yes`, `no`, `on` and `off` without quotes become booleans, as Ansible users mean them in variables. */
export function withBooleans(node: YamlNode): YamlNode {
  return node.mapScalars((scalar) => {
    const word = scalar.plain && /^(yes|no|on|off)$/i.test(String(scalar.value));
    return word ? scalar.withValue(booleanWord(scalar.value)) : scalar;
  });
}

/** A mapping of the user's as variables. */
export function variableLayer(origin: string, node: YamlNode | undefined): VariableLayer {
  return { origin, variables: new Map(node ? withBooleans(node).entries() : []) };
}
