import { basename, dirname } from 'node:path';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import { checkKeywords } from '../keywords/keyword-check.ts';
import { blockKeywords } from '../keywords/keyword-set.ts';
import { loopWords } from '../keywords/loop-words.ts';
import type { TaskNode } from '../model.ts';
import { findFile } from '../source/loading/file-search.ts';
import { displayPath } from '../source/loading/loading.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { earlyName, earlyNames } from './early-name.ts';
import { failingTask } from './failing-task.ts';
import { filesOfGlob, globOf } from './include-files.ts';
import { type Inherited, inherit, isConditional } from './inherited.ts';
import type { PlayScope } from './play-scope.ts';
import { registeredNames } from './registered-names.ts';
import type { ActionTask } from './task-action.ts';
import { makeTask } from './task-builder.ts';

/** The file that an include names, as a node; problems are reported. */
function fileNode(scope: PlayScope, { args, action }: ActionTask): YamlNode | undefined {
  const { loading } = scope;
  for (const [key] of args.entries()) {
    if (key === 'file' || (key === 'apply' && action.name === 'include_tasks')) continue;
    loading.report({
      code: 'unknown-key',
      message: `unknown key '${key}' in ${action.key}`,
      at: args.keyAt(key),
      hint: "there is only 'file'",
    });
  }
  const node = args.isMapping() ? args.get('file') : args;
  if (node && typeof node.value === 'string' && node.value !== '') return node;
  if (args.isMapping() && args.entries().length > 0 && !node) return undefined;
  const at = node?.position ?? args.position;
  loading.report({ code: 'missing-key', message: `${action.key} needs the name of a file`, at });
  return undefined;
}

// Tasks that are repeated by including their own file, as attempts are.
const mostRepeats = 5;

/** What stands for an include of a file that led to it: undefined where it may be put in place, once more. */
function repeated(scope: PlayScope, task: ActionTask, path: string): readonly TaskNode[] | undefined {
  const { node, inherited, action } = task;
  const times = inherited.chain.filter((file) => file === path).length;
  const ends = inherited.guessed || (action.name === 'include_tasks' && isConditional(node, inherited));
  if (times === 0 || (ends && !inherited.guessed && times < mostRepeats)) return undefined;
  const failing = ends
    ? failingTask(scope, task, action.key, {
        reason: `${displayPath(path)} includes itself${inherited.guessed ? '' : ` more than ${mostRepeats} times`}`,
        instead: 'repeat one task with until, or use a loop at the include',
      })
    : undefined;
  if (failing) {
    const shape = { id: task.id, resource: failing.action.name, args: failing.args };
    return [{ task: makeTask(node.without(...loopWords), task.checked, inherited, shape) }];
  }
  const why = [...inherited.chain, path].map(displayPath).join(' -> ');
  const message = 'the file includes itself';
  scope.loading.report({ code: 'endless-include', message, at: task.args.position, why });
  return [];
}

/** The tasks of one file, inheriting from the include. */
function tasksOfFile(
  scope: PlayScope,
  path: string,
  at: YamlNode['position'],
  inherited: Inherited,
): readonly TaskNode[] {
  const list = scope.loading.yaml(path, at);
  if (!list) return [];
  const [first, ...rest] = inherited.searchPath;
  const searchPath = [...new Set([...(first ? [first] : []), dirname(path), ...rest])];
  return scope.tasks(list, { ...inherited, searchPath, chain: [...inherited.chain, path] });
}

/** A word like `main` for ids: the file's name without its ending, letters and digits only. */
function word(path: string): string {
  return basename(path)
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-');
}

/** What the tasks of an include inherit beside what its own keywords say: those under `apply`, in which mistakes are reported once. */
export function applied(scope: PlayScope, { args }: ActionTask): (outer: Inherited) => Inherited {
  const node = args.isMapping() ? args.get('apply') : undefined;
  if (!node?.isMapping()) return (outer) => outer;
  const unknown = node.entries().filter(([key]) => !blockKeywords.names.includes(key));
  for (const [key] of unknown)
    scope.loading.report({
      code: 'unknown-key',
      message: `unknown key '${key}' under apply`,
      at: node.keyAt(key),
      hint: 'what a block may say can be applied',
    });
  const keywords = node.only(...blockKeywords.names);
  const checked = checkKeywords(keywords, blockKeywords, 'apply');
  scope.loading.report(...checked.problems);
  return (outer) => inherit(outer, keywords, checked.values, `vars of apply on line ${node.position.line}`);
}

/** True when the tasks may alter what the condition of their include looks at: it must be judged once, before them. */
function mustJudgeFirst(node: YamlNode, nodes: readonly TaskNode[]): boolean {
  const when = node.get('when');
  if (!when) return false;
  const text = JSON.stringify(when.value);
  return [...registeredNames(nodes)].some((name) => new RegExp(`\\b${name}\\b`).test(text));
}

// Handlers of a role have their includes beside them.
function findIncluded({ searchPath, folder }: Inherited, name: string) {
  const own = folder === 'tasks' ? undefined : findFile(searchPath, folder, name);
  return own?.path === undefined ? findFile(searchPath, 'tasks', name) : own;
}

/** `include_tasks` and `import_tasks`: put in place when the file is known, else every file it may name is loaded. */
export function includeTasks(scope: PlayScope, task: ActionTask): readonly TaskNode[] {
  const { node, checked, inherited, id, action } = task;
  const file = fileNode(scope, task);
  if (!file) return [];
  const isImport = action.name === 'import_tasks';
  const written = String(file.value);
  const name = isImport ? earlyName(scope, written, inherited, node.get('vars')) : written;
  const loops = loopWords.some((key) => node.get(key));
  if (isImport && (loops || isTemplate(name))) {
    const message = loops
      ? 'import_tasks takes no loop'
      : 'the file of this import_tasks is not known when the playbook is read';
    const why = loops ? 'an import is put in place when the playbook is read' : earlyNames;
    scope.loading.report({
      code: 'not-supported',
      message,
      at: file.position,
      why,
      hint: 'use include_tasks',
    });
    return [];
  }
  if (node.get('register')) {
    const message = `${action.key} has no result to register`;
    scope.loading.report({
      code: 'not-supported',
      message,
      at: node.keyAt('register'),
      hint: 'register at a task of the file',
    });
  }
  const outer = inherit(inherited, node, checked.values, `vars of the include on line ${node.position.line}`);
  const apply = applied(scope, task);
  const inner = apply(outer);
  // Where the include's own condition is judged first, only what it applies is left for the tasks.
  const late = { ...inner, when: apply(inherited).when };
  if (isTemplate(name)) return [dynamicInclude(scope, task, file, late)];
  const found = findIncluded(inherited, name);
  if (found.path === undefined) {
    const why = `looked for ${found.tried.join(', ')}`;
    scope.loading.report({
      code: 'missing-file',
      message: `there is no file '${name}'`,
      at: file.position,
      why,
    });
    return [];
  }
  const path = found.path;
  const again = repeated(scope, task, path);
  if (again) return again;
  const load = (from: Inherited) =>
    tasksOfFile(scope, path, file.position, { ...from, id: `${id}.${word(path)}` });
  const nodes = loops ? [] : load(inner);
  const later = loops || (!isImport && mustJudgeFirst(node, nodes));
  return later ? [lateInclude(task, file, new Map([[name, load(late)]]))] : nodes;
}

function lateInclude(
  task: ActionTask,
  file: YamlNode,
  includes: ReadonlyMap<string, readonly TaskNode[]>,
): TaskNode {
  const { node, checked, inherited, id, args } = task;
  const whole = args.withEntries([['file', { keyAt: file.position, node: file }]]);
  return {
    task: makeTask(node, checked, inherited, { id, resource: 'include_tasks', args: whole, includes }),
  };
}

/** A pattern as wide as `*.yml` also fits playbooks and files of variables: those are never meant. */
function holdsTasks(scope: PlayScope, path: string): boolean {
  const root = scope.loading.yaml(path);
  if (!root?.isList()) return root?.value === null;
  return !root.items().some((node) => node.get('hosts') || node.get('import_playbook'));
}

function dynamicInclude(scope: PlayScope, task: ActionTask, file: YamlNode, inner: Inherited): TaskNode {
  const glob = globOf(String(file.value), inner.role?.directory, scope.directory, task.node.get('vars'));
  const files = filesOfGlob(glob, inner);
  if (files.size === 0) {
    const why = `no file matches ${glob} in ${inner.searchPath.map(displayPath).join(', ')}`;
    const message = 'the file that is included here cannot exist';
    scope.loading.report({ code: 'missing-file', message, at: file.position, why });
  }
  const including = task.inherited.chain;
  const includes = [...files]
    .filter(([, path]) => !including.includes(path) && holdsTasks(scope, path))
    .map(([name, path]) => {
      const from = { ...inner, conditional: true, guessed: true, id: `${task.id}.${word(path)}` };
      return [name, tasksOfFile(scope, path, file.position, from)] as const;
    });
  return lateInclude(task, file, new Map(includes));
}
