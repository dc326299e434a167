import type { VariableLayer } from '../../model.ts';
import { booleanWord } from '../schema/schema-coercion.ts';
import type { YamlNode } from '../yaml/yaml-node.ts';

const withWords = new WeakMap<YamlNode, YamlNode>();
const layers = new WeakMap<YamlNode, Map<string, VariableLayer>>();

/** `yes`, `no`, `on` and `off` without quotes become booleans, as Ansible users mean them in variables. */
export function withBooleans(node: YamlNode): YamlNode {
  const known = withWords.get(node);
  if (known) return known;
  const made = node.mapScalars((scalar) => {
    const word = scalar.plain && /^(yes|no|on|off)$/i.test(String(scalar.value));
    return word ? scalar.withValue(booleanWord(scalar.value)) : scalar;
  });
  withWords.set(node, made);
  return made;
}

/** A mapping of the user's as variables; the same layer for the same mapping. */
export function variableLayer(origin: string, node: YamlNode | undefined): VariableLayer {
  if (!node) return { origin, variables: new Map() };
  const known = layers.get(node) ?? new Map<string, VariableLayer>();
  layers.set(node, known);
  const layer = known.get(origin) ?? { origin, variables: new Map(withBooleans(node).entries()) };
  known.set(origin, layer);
  return layer;
}
