import { join, resolve } from 'node:path';
import { hasTemplate } from '../../jinja/values/template-marks.ts';
import { textOf } from '../../jinja/values/value.ts';
import type { FileChoice, VariableLayer } from '../model.ts';
import { findFile, withHome } from '../source/loading/file-search.ts';
import { displayPath, type Loading, pathKind } from '../source/loading/loading.ts';
import { variableLayer } from '../source/loading/variable-layer.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { filesOfGlob, globOf } from '../tasks/include-files.ts';

const folder = 'vars';

/** The files of `vars_files`, in order; an entry that is a list means the first of them that exists. */
export function readVarsFiles(loading: Loading, list: YamlNode, directory: string): readonly VariableLayer[] {
  const following: Set<VariableLayer>[] = [];
  const entries = list.isList() || list.value === null ? list.items() : [list];
  return entries.flatMap((entry) => {
    const names = entry.isList() ? entry.items() : [entry];
    const isTemplate = names.some(({ value }) => hasTemplate(value));
    const behind = new Set<VariableLayer>();
    if (isTemplate) following.push(behind);
    const layers = isTemplate
      ? chosen(loading, entry, names, directory, behind)
      : fixed(loading, entry, names, directory);
    for (const set of following) for (const layer of layers) set.add(layer);
    return layers;
  });
}

function fixed(
  loading: Loading,
  entry: YamlNode,
  names: readonly YamlNode[],
  directory: string,
): readonly VariableLayer[] {
  const paths = names.map(({ value }) => pathOf(directory, textOf(value)));
  const path = paths.find((candidate) => pathKind(candidate) === 'file') ?? paths[0];
  const node = path === undefined ? undefined : loading.mapping(path, 'a file of variables', entry.position);
  return path !== undefined && node ? [variableLayer(displayPath(path), node)] : [];
}

// Where it would be looked for last, where it is not there.
function pathOf(directory: string, name: string): string {
  return findFile([directory], folder, name).path ?? resolve(directory, withHome(name));
}

// Which of them a host takes shows when one of their variables is read: all that may be meant are read now.
function chosen(
  loading: Loading,
  entry: YamlNode,
  names: readonly YamlNode[],
  directory: string,
  behind: ReadonlySet<VariableLayer>,
): readonly VariableLayer[] {
  const files = new Map<string, string>();
  const globs = names.map(({ value }) => globOf(withHome(textOf(value)), undefined, directory));
  for (const glob of globs)
    for (const place of [join(directory, folder), directory])
      for (const [name, path] of filesOfGlob(glob, { searchPath: [place] }, '.'))
        if (!files.has(name) && loading.yaml(path)?.isMapping()) files.set(name, path);
  const file: FileChoice = { at: entry.position, names, files, behind };
  if (files.size === 0) {
    loading.report({
      code: 'missing-file',
      message: 'no file of variables has such a name',
      at: entry.position,
      why: `looked for ${globs.join(', ')} in ${displayPath(join(directory, folder))} and ${displayPath(directory)}`,
    });
  }
  return [...new Set(files.values())].flatMap((path) => {
    const node = loading.mapping(path, 'a file of variables', entry.position);
    return node ? [{ ...variableLayer(displayPath(path), node), choice: { file, path } }] : [];
  });
}
