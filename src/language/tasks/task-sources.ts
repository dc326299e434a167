import type { Problem } from '../../errors/problem.ts';
import { hasTemplate } from '../../jinja/values/template-marks.ts';
import type { AnyResource } from '../../resources/resource.ts';
import { isOnHost, sourceName } from '../../resources/source-name.ts';
import { findFile } from '../source/loading/file-search.ts';
import { displayPath, pathKind } from '../source/loading/loading.ts';
import { booleanWord } from '../source/schema/schema-coercion.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';

/** The problem of a file on the control node that a task names literally and that is not there. */
export function sourceProblem(
  resource: AnyResource,
  args: YamlNode,
  searchPath: readonly string[],
): Problem | undefined {
  const source = resource.kind === 'host' ? resource.source : undefined;
  const named = source && args.get(source.argument);
  const name = source && sourceName(source, named?.value);
  if (!source || !named || name === undefined || hasTemplate(name)) return undefined;
  const onHost = isOnHost(source, (argument, value) => {
    const given = args.get(argument);
    return given !== undefined && (hasTemplate(given.value) || booleanWord(given.value) === value);
  });
  if (onHost) return undefined;
  const found = findFile(searchPath, source.folder, name);
  if (found.path !== undefined) {
    if (source.tree || pathKind(found.path) === 'file') return undefined;
    const message = `'${displayPath(found.path)}' is a directory, not a file`;
    return {
      code: 'missing-file',
      message,
      at: named.position,
      hint: 'name each file, for instance with a loop',
    };
  }
  return {
    code: 'missing-file',
    message: `there is no file '${name}'`,
    at: named.position,
    why: `looked for ${found.tried.join(', ')}`,
    hint: `${source.argument} names a file on this machine; put it into the folder ${source.folder}/`,
  };
}
