import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import { bracedConditions, checkKeywords } from '../keywords/keyword-check.ts';
import { blockKeywords, handlerKeywords, taskKeywords } from '../keywords/keyword-set.ts';
import { loopWords } from '../keywords/loop-words.ts';
import { idleKeyword, insteadOfKeyword } from '../keywords/unsupported-keywords.ts';
import type { TaskNode } from '../model.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { buildAction } from './action-builder.ts';
import { failingTask } from './failing-task.ts';
import { type Inherited, inherit, isConditional, moduleDefaultsAt, partsOf } from './inherited.ts';
import { idleDefaults, withModuleDefaults } from './module-defaults.ts';
import type { PlayScope } from './play-scope.ts';
import { actionArguments, plainTask, recogniseAction } from './task-action.ts';

const blockParts = ['block', 'rescue', 'always'];

function noteNotifications(scope: PlayScope, node: YamlNode): void {
  for (const part of partsOf(node.get('notify')))
    scope.notifications.push({ name: String(part.value), at: part.position });
}

function notAMapping(node: YamlNode, what: string): Problem {
  return {
    code: 'wrong-type',
    message: `a ${what} must be a mapping of keywords, not ${node.value === null ? 'nothing' : 'this'}`,
    at: node.position,
    hint: `write it as \`- name: ...\` with the resource below it`,
  };
}

function warnOfIdle(scope: PlayScope, node: YamlNode): void {
  const { loading } = scope;
  const idle = idleDefaults(scope, node).filter((warning) => !loading.warnings.includes(warning));
  loading.warnings.push(...idle);
  for (const warning of bracedConditions(node))
    if (!loading.warnings.includes(warning)) loading.warnings.push(warning);
  for (const [key] of node.entries()) {
    const advice = idleKeyword(key)?.advice;
    if (advice === undefined) continue;
    const { file, line } = node.keyAt(key);
    const warning = `${file}:${line}: ${key} has no effect: ${advice}`;
    if (!loading.warnings.includes(warning)) loading.warnings.push(warning);
  }
}

/** Reports keys that belong to neither a block nor its parts. */
function checkBlockKeys(scope: PlayScope, node: YamlNode): void {
  const known = [...blockKeywords.names, ...blockParts];
  for (const [key] of node.entries()) {
    if (known.includes(key) || idleKeyword(key)) continue;
    const at = node.keyAt(key);
    const instead = insteadOfKeyword(key);
    if (instead) {
      scope.loading.report({
        code: 'not-supported',
        message: `'${key}' is not supported`,
        at,
        hint: instead,
      });
      continue;
    }
    const why = taskKeywords.names.includes(key) ? 'it belongs to a single task' : undefined;
    const hint = why
      ? 'write it at the tasks inside the block'
      : didYouMean(key, [...known, ...taskKeywords.names]);
    const message = `unknown key '${key}' in the block`;
    scope.loading.report({ code: 'unknown-key', message, at, ...(why && { why }), ...(hint && { hint }) });
  }
}

/** Checks the keywords of a block; gives them, and what its tasks inherit. */
export function openBlock(scope: PlayScope, node: YamlNode, inherited: Inherited) {
  checkBlockKeys(scope, node);
  warnOfIdle(scope, node);
  const keywords = node.only(...blockKeywords.names);
  const checked = checkKeywords(keywords, blockKeywords, 'the block');
  scope.loading.report(...checked.problems);
  noteNotifications(scope, node);
  const origin = `vars of the block on line ${node.position.line}`;
  return { checked, inner: inherit(inherited, keywords, checked.values, origin) };
}

function buildBlock(scope: PlayScope, node: YamlNode, inherited: Inherited, id: string): TaskNode[] {
  const { checked, inner } = openBlock(scope, node, inherited);
  const list = node.get('block');
  if (!list) {
    const part = node.get('rescue') ? 'rescue' : 'always';
    const message = `'${part}' needs a block beside it`;
    scope.loading.report({
      code: 'missing-key',
      message,
      at: node.keyAt(part),
      hint: 'add `block:` with the tasks it belongs to',
    });
  }
  const tasks = (part: string) => {
    const nodes = node.get(part);
    const conditional = inner.conditional || part === 'rescue';
    return nodes ? scope.tasks(nodes, { ...inner, conditional, id: `${id}.${part}` }) : [];
  };
  const name = typeof checked.values.name === 'string' ? checked.values.name : undefined;
  return [
    {
      block: {
        name,
        at: node.position,
        tasks: tasks('block'),
        rescue: tasks('rescue'),
        always: tasks('always'),
        allOrNothing: checked.values.rollback === 'always',
      },
    },
  ];
}

/** Checks the keywords of one task and hands it to what its action needs. */
export function buildTask(
  scope: PlayScope,
  node: YamlNode,
  inherited: Inherited,
  id: string,
  kind: 'task' | 'handler',
): readonly TaskNode[] {
  const { loading } = scope;
  const { action, problems, foreign, keywords, checked, given } = loading.once(node, kind, () =>
    readTask(node, kind, loading.resources),
  );
  const failing =
    foreign && (kind === 'handler' || isConditional(node, inherited))
      ? failingTask(scope, { node: keywords, checked, inherited, id }, foreign.key, {
          reason: `the module '${foreign.key}' is not supported`,
          instead: foreign.instead,
        })
      : undefined;
  loading.report(...(failing ? [] : problems), ...checked.problems);
  warnOfIdle(scope, node);
  noteNotifications(scope, node);
  checkLoops(scope, node);
  if (failing) return buildAction(scope, failing);
  if (!action || !given) return [];
  loading.report(...given.problems);
  if (given.problems.length > 0) return [];
  const args = withModuleDefaults(scope, given.args, action, moduleDefaultsAt(inherited, node));
  return buildAction(scope, { node: keywords, checked, inherited, id, action, args });
}

/** What a task says, wherever it is put. */
function readTask(written: YamlNode, kind: 'task' | 'handler', resources: PlayScope['loading']['resources']) {
  const node = plainTask(written);
  const set = kind === 'handler' ? handlerKeywords : taskKeywords;
  const { action, problems, foreign } = recogniseAction(node, set.names, resources);
  const keywords = node.only(...set.names);
  const checked = checkKeywords(keywords, set, `the ${kind}`);
  return { action, problems, foreign, keywords, checked, given: action && actionArguments(node, action) };
}

function checkLoops(scope: PlayScope, node: YamlNode): void {
  const words = loopWords.filter((word) => node.get(word));
  const [, second] = words;
  if (second) {
    const message = `the task loops twice: ${words.join(' and ')}`;
    scope.loading.report({
      code: 'conflicting-keys',
      message,
      at: node.keyAt(second),
      hint: 'keep loop only',
    });
  }
  const control = node.get('loop_control');
  if (control && words.length === 0) {
    const { file, line } = node.keyAt('loop_control');
    const warning = `${file}:${line}: loop_control without a loop has no effect: add loop, or remove it`;
    if (!scope.loading.warnings.includes(warning)) scope.loading.warnings.push(warning);
  }
}

/** The tasks and blocks of a list as written. */
export function buildTasks(scope: PlayScope, list: YamlNode, inherited: Inherited): readonly TaskNode[] {
  if (list.value === null) return [];
  if (!list.isList()) {
    const message = 'tasks must be a list';
    scope.loading.report({
      code: 'wrong-type',
      message,
      at: list.position,
      hint: 'begin each task with `- `',
    });
    return [];
  }
  return list.items().flatMap((node, index) => {
    const id = `${inherited.id}.${index + 1}`;
    if (!node.isMapping()) {
      scope.loading.report(notAMapping(node, 'task'));
      return [];
    }
    const isBlock = blockParts.some((part) => node.get(part));
    // What an include brings into handlers are handlers.
    const kind = inherited.folder === 'handlers' ? 'handler' : 'task';
    return isBlock ? buildBlock(scope, node, inherited, id) : buildTask(scope, node, inherited, id, kind);
  });
}
