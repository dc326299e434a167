import { didYouMean } from '../../errors/did-you-mean.ts';
import { hasTemplate, isTemplate } from '../../jinja/values/template-marks.ts';
import { loopWords } from '../keywords/loop-words.ts';
import type { TaskNode } from '../model.ts';
import { findFile } from '../source/loading/file-search.ts';
import { displayPath, pathKind } from '../source/loading/loading.ts';
import type { YamlChild, YamlNode } from '../source/yaml/yaml-node.ts';
import { filesOfGlob, globOf } from './include-files.ts';
import type { Inherited } from './inherited.ts';
import type { PlayScope } from './play-scope.ts';
import type { ActionTask } from './task-action.ts';
import { makeTask, type TaskShape } from './task-builder.ts';
import { chosenFiles } from './variable-files.ts';

const known = [
  'file',
  'dir',
  'name',
  'depth',
  'extensions',
  'files_matching',
  'ignore_files',
  'ignore_unknown_extensions',
];
const refused = ['hash_behaviour'];

function checkKeys({ loading }: PlayScope, { args, action }: ActionTask): void {
  for (const [key] of args.entries()) {
    if (known.includes(key)) continue;
    const at = args.keyAt(key);
    const isRefused = refused.includes(key);
    const hint = isRefused ? 'combine the mappings where they are used' : didYouMean(key, known);
    const message = isRefused ? `'${key}' is not supported` : `unknown key '${key}' in ${action.key}`;
    const code = isRefused ? 'not-supported' : 'unknown-key';
    loading.report({ code, message, at, ...(hint && { hint }) });
  }
}

// The variables of files as a task that sets them, later files before earlier ones.
function settingTask(
  scope: PlayScope,
  task: ActionTask,
  paths: readonly string[],
  inherited: Inherited,
  id: string,
): TaskNode {
  const { node, checked, args } = task;
  const entries = new Map<string, YamlChild>();
  for (const path of paths) {
    const variables = scope.loading.mapping(path, 'a file of variables', args.position);
    for (const [key, value] of variables?.entries() ?? [])
      entries.set(key, { keyAt: variables?.keyAt(key) ?? value.position, node: value });
  }
  const flat = args.withEntries(entries);
  const name = args.get('name')?.value;
  const facts =
    typeof name === 'string' ? flat.withEntries([[name, { keyAt: flat.position, node: flat }]]) : flat;
  const shape: TaskShape = {
    id,
    resource: 'set_fact',
    args: facts,
    name: `include_vars ${displayPath(paths[0] ?? '')}`,
    lateValues: true,
  };
  return { task: makeTask(node, checked, inherited, shape) };
}

function missing({ loading }: PlayScope, file: YamlNode, why: string): readonly TaskNode[] {
  const message = `there is no file '${file.value}'`;
  loading.report({ code: 'missing-file', message, at: file.position, why });
  return [];
}

// Every file that the name may lead to is read; which of them it is shows when the task is reached.
function dynamic(scope: PlayScope, task: ActionTask, file: YamlNode): readonly TaskNode[] {
  const { node, checked, inherited, id, args } = task;
  const name = String(file.value);
  const glob = globOf(name, inherited.role?.directory, scope.directory);
  const { path } = isTemplate(name) ? {} : findFile(inherited.searchPath, 'vars', name);
  const found = isTemplate(name)
    ? filesOfGlob(glob, inherited, 'vars')
    : new Map<string, string>(path === undefined ? [] : [[name, path]]);
  if (found.size === 0)
    return missing(
      scope,
      file,
      `no file matches ${glob} in ${inherited.searchPath.map(displayPath).join(', ')}`,
    );
  const plain = { ...task, node: node.without('when', 'register', 'vars', ...loopWords) };
  const includes = new Map(
    [...found]
      .filter(([, path]) => scope.loading.yaml(path)?.isMapping())
      .map(([key, path]) => [key, [settingTask(scope, plain, [path], inherited, `${id}.${key}`)]]),
  );
  const whole = args.withEntries([['file', { keyAt: file.position, node: file }]]);
  return [
    { task: makeTask(node, checked, inherited, { id, resource: 'include_tasks', args: whole, includes }) },
  ];
}

/** `include_vars`: the variables of a file, or of those in a directory, are set as by set_fact when the task is reached. */
export function includeVars(scope: PlayScope, task: ActionTask): readonly TaskNode[] {
  const { node, inherited, id, args, action } = task;
  checkKeys(scope, task);
  const file = args.isMapping() ? (args.get('file') ?? args.get('dir')) : args;
  if (!file && args.isMapping() && args.entries().length > 0) return [];
  if (typeof file?.value !== 'string') {
    const message = `${action.key} needs the name of a file`;
    scope.loading.report({ code: 'missing-key', message, at: args.position });
    return [];
  }
  const named = args.isMapping() ? args.get('name') : undefined;
  const isDirectory = args.isMapping() && args.get('dir') !== undefined;
  const late = hasTemplate(file.value) || loopWords.some((word) => node.get(word));
  if (hasTemplate(named?.value) || (late && isDirectory)) {
    scope.loading.report({
      code: 'not-supported',
      message: `${action.key} takes no template there`,
      at: (hasTemplate(named?.value) ? named : file)?.position ?? file.position,
      why: 'which variables there are must be known before the first connection',
      hint: 'write the name itself',
    });
    return [];
  }
  if (late) return dynamic(scope, task, file);
  const found = findFile(inherited.searchPath, 'vars', file.value);
  if (found.path === undefined) return missing(scope, file, `looked for ${found.tried.join(', ')}`);
  const { path } = found;
  if (!isDirectory) return [settingTask(scope, task, [path], inherited, id)];
  if (pathKind(path) !== 'directory') return missing(scope, file, `${displayPath(path)} is a file`);
  const chosen = chosenFiles(path, args);
  if (typeof chosen === 'string') {
    scope.loading.report({ code: 'wrong-value', message: chosen, at: args.position });
    return [];
  }
  return [settingTask(scope, task, chosen, inherited, id)];
}
