import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../../errors/did-you-mean.ts';
import type { VariableLayer } from '../model.ts';
import { displayPath, type Loading, pathKind } from '../source/loading/loading.ts';
import { variableLayer } from '../source/loading/variable-layer.ts';

/** Variables from `group_vars` or `host_vars`, by name of the group or host. */
export type NamedLayers = ReadonlyMap<string, readonly VariableLayer[]>;

function filesBelow(path: string): readonly string[] {
  if (pathKind(path) === 'file') return [path];
  return readdirSync(path)
    .filter((name) => !name.startsWith('.') && !name.endsWith('~'))
    .filter((name) => pathKind(join(path, name)) === 'directory' || /\.(ya?ml|json)$|^[^.]+$/.test(name))
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/**
 * Reads `group_vars/` or `host_vars/` of a directory: a file or a directory of files per name.
 * @param known the names that there are; without it, every name counts
 */
export function readNamedVars(
  loading: Loading,
  directory: string,
  kind: 'group_vars' | 'host_vars',
  known?: Iterable<string>,
): NamedLayers {
  const folder = join(directory, kind);
  const layers = new Map<string, VariableLayer[]>();
  if (pathKind(folder) !== 'directory') return layers;
  const names = known && new Set(known);
  for (const entry of readdirSync(folder).sort()) {
    const path = join(folder, entry);
    const isFile = pathKind(path) === 'file';
    if (entry.startsWith('.') || entry.endsWith('~')) continue;
    const name = isFile ? entry.replace(/\.(ya?ml|json)$/, '') : entry;
    if (names && !names.has(name)) {
      const meant = nearest(name, names);
      const what = kind === 'group_vars' ? 'group' : 'host';
      if (meant)
        loading.warnings.push(
          `${displayPath(path)} is not used: there is no ${what} '${name}'; did you mean '${meant}'?`,
        );
      continue;
    }
    for (const file of filesBelow(path)) {
      const node = loading.mapping(file, 'a file of variables');
      if (node) layers.set(name, [...(layers.get(name) ?? []), variableLayer(displayPath(file), node)]);
    }
  }
  return layers;
}
