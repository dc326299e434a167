import { didYouMean } from '../../errors/did-you-mean.ts';
import { hasTemplate } from '../../jinja/values/template-marks.ts';
import type { TaskNode } from '../model.ts';
import { findFile } from '../source/loading/file-search.ts';
import type { PlayScope } from './play-scope.ts';
import type { ActionTask } from './task-action.ts';
import { makeTask } from './task-builder.ts';

/** `include_vars` with a literal name: the file's variables are set as by set_fact when the task is reached. */
export function includeVars(scope: PlayScope, task: ActionTask): readonly TaskNode[] {
  const { node, checked, inherited, id, args, action } = task;
  const { loading } = scope;
  for (const [key] of args.entries()) {
    if (key === 'file' || key === 'name') continue;
    const at = args.keyAt(key);
    const known = [
      'depth',
      'dir',
      'extensions',
      'files_matching',
      'hash_behaviour',
      'ignore_files',
      'ignore_unknown_extensions',
    ];
    const hint = known.includes(key) ? 'name one file at a time' : didYouMean(key, ['file', 'name']);
    const message = known.includes(key)
      ? `'${key}' is not supported`
      : `unknown key '${key}' in ${action.key}`;
    loading.report({
      code: known.includes(key) ? 'not-supported' : 'unknown-key',
      message,
      at,
      ...(hint && { hint }),
    });
  }
  const file = args.isMapping() ? args.get('file') : args;
  if (!file && args.isMapping() && args.entries().length > 0) return [];
  if (typeof file?.value !== 'string') {
    loading.report({
      code: 'missing-key',
      message: `${action.key} needs the name of a file`,
      at: args.position,
    });
    return [];
  }
  if (
    hasTemplate(file.value) ||
    hasTemplate(args.get('name')?.value) ||
    node.get('loop') ||
    node.get('with_items')
  ) {
    loading.report({
      code: 'not-supported',
      message: `${action.key} takes neither a template nor a loop`,
      at: file.position,
      why: 'which variables there are must be known before the first connection',
      hint: 'name each file literally, with when to choose between them',
    });
    return [];
  }
  const found = findFile(inherited.searchPath, 'vars', file.value);
  if (found.path === undefined) {
    const why = `looked for ${found.tried.join(', ')}`;
    loading.report({
      code: 'missing-file',
      message: `there is no file '${file.value}'`,
      at: file.position,
      why,
    });
    return [];
  }
  const variables = loading.mapping(found.path, 'a file of variables', file.position);
  if (!variables) return [];
  const name = args.get('name')?.value;
  const facts =
    typeof name === 'string'
      ? variables.withEntries([[name, { keyAt: variables.position, node: variables }]])
      : variables;
  const shape = { id, resource: 'set_fact', args: facts, name: `include_vars ${file.value}` };
  return [{ task: makeTask(node, checked, inherited, shape) }];
}
