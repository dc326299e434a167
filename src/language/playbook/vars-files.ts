import { resolve } from 'node:path';
import { hasTemplate } from '../../jinja/values/template-marks.ts';
import type { VariableLayer } from '../model.ts';
import { displayPath, type Loading, pathKind } from '../source/loading/loading.ts';
import { variableLayer } from '../source/loading/variable-layer.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';

/** The files of `vars_files`, in order; an entry that is a list means the first of them that exists. */
export function readVarsFiles(loading: Loading, list: YamlNode, directory: string): readonly VariableLayer[] {
  return list.items().flatMap((entry) => {
    const candidates = entry.isList() ? entry.items() : [entry];
    if (candidates.some(({ value }) => hasTemplate(value))) {
      loading.report({
        code: 'template-not-allowed',
        message: 'vars_files cannot hold templates',
        at: entry.position,
        why: 'its files are read before any variable of a host is known',
        hint: 'put variables that differ between hosts into group_vars/ or host_vars/',
      });
      return [];
    }
    const paths = candidates.map(({ value }) => resolve(directory, String(value)));
    const path = paths.find((candidate) => pathKind(candidate) === 'file') ?? paths[0];
    if (path === undefined) return [];
    const node = loading.mapping(path, 'a file of variables', entry.position);
    return node ? [variableLayer(displayPath(path), node)] : [];
  });
}
