import type { VariableLayer } from '../../model.ts';
import type { YamlNode } from '../yaml/yaml-node.ts';

const layers = new WeakMap<YamlNode, Map<string, VariableLayer>>();

/** A mapping of the user's as variables; the same layer for the same mapping. */
export function variableLayer(origin: string, node: YamlNode | undefined): VariableLayer {
  if (!node) return { origin, variables: new Map() };
  const known = layers.get(node) ?? new Map<string, VariableLayer>();
  layers.set(node, known);
  const layer = known.get(origin) ?? { origin, variables: new Map(node.entries()) };
  known.set(origin, layer);
  return layer;
}
