import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import { fixedParts, isTemplate } from '../../jinja/values/template-marks.ts';
import type { Task, TaskNode } from '../model.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import type { Inherited } from './inherited.ts';
import type { PlayScope } from './play-scope.ts';
import { buildTask, openBlock } from './task-list.ts';

/** A name as part of an id that stays the same when other handlers come and go. */
function slug(name: string): string {
  const lower = name.trim().toLowerCase();
  // V8 is slow to learn what Unicode calls a letter: most names do without.
  if (/^[\x20-\x7e]*$/.test(lower)) return lower.replaceAll(/[^a-z0-9]+/g, '-');
  return lower
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/[^a-z0-9-]/g, (letter) => `u${letter.codePointAt(0)?.toString(16)}`);
}

function uniqueId(scope: PlayScope, prefix: string, name: string, index: number): string {
  const base = `${prefix}.${slug(name) || index + 1}`;
  const taken = new Set(scope.handlers.map(({ id }) => id));
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}-${count}`;
  return id;
}

function tasksIn(nodes: readonly TaskNode[]): readonly Task[] {
  return nodes.flatMap((node) => {
    if ('task' in node) return [node.task];
    const { tasks, rescue, always } = node.block;
    return tasksIn([...tasks, ...rescue, ...always]);
  });
}

/** Adds the handlers of a list to the play. */
export function buildHandlers(scope: PlayScope, list: YamlNode, inherited: Inherited): void {
  if (list.value === null) return;
  if (!list.isList()) {
    const message = 'handlers must be a list';
    scope.loading.report({
      code: 'wrong-type',
      message,
      at: list.position,
      hint: 'begin each handler with `- `',
    });
    return;
  }
  for (const [index, node] of list.items().entries()) {
    const problem = handlerProblem(node);
    if (problem) {
      scope.loading.report(problem);
      continue;
    }
    if (node.get('block')) {
      blockOfHandlers(scope, node, inherited);
      continue;
    }
    const name = node.get('name')?.value ?? node.get('listen')?.value;
    noteNames(scope, node, inherited);
    const id = uniqueId(scope, inherited.id, typeof name === 'string' ? name : '', index);
    const built = buildTask(scope, node, { ...inherited, folder: 'handlers' }, id, 'handler');
    // Tasks that an include brings answer to the include's name as well.
    const topics = typeof node.get('name')?.value === 'string' ? [String(node.get('name')?.value)] : [];
    const included = tasksIn(built).map((task) =>
      task.id === id ? task : { ...task, listen: [...task.listen, ...topics] },
    );
    for (const { name: own, listen } of included)
      for (const one of [...listen, ...(own === undefined ? [] : [own])]) scope.handlerNames.add(one);
    scope.handlers.push(...included);
  }
}

/** `role : name` is Ansible's way to name the handler of one role. */
function noteNames(scope: PlayScope, node: YamlNode, { role }: Inherited): void {
  const name = node.get('name')?.value;
  const listen = node.get('listen');
  const topics = listen?.isList() ? listen.items() : listen ? [listen] : [];
  for (const { value } of topics) scope.handlerNames.add(String(value));
  if (typeof name !== 'string') return;
  scope.handlerNames.add(name);
  if (role) scope.handlerNames.add(`${role.name} : ${name}`);
}

function handlerProblem(node: YamlNode): Problem | undefined {
  const at = node.position;
  if (!node.isMapping())
    return { code: 'wrong-type', message: 'a handler must be a mapping of keywords', at };
  return undefined;
}

// As with Ansible, each task of the block is a handler of its own; its name is none, and what would rescue them is never done.
function blockOfHandlers(scope: PlayScope, node: YamlNode, inherited: Inherited): void {
  const { inner } = openBlock(scope, node, inherited);
  const list = node.get('block');
  for (const part of ['rescue', 'always'].filter((one) => node.get(one))) {
    const { file, line } = node.keyAt(part);
    scope.loading.warnings.push(
      `${file}:${line}: ${part} has no effect among handlers, as with Ansible: each task of the block is a handler of its own`,
    );
  }
  const name = node.get('name')?.value;
  if (typeof name === 'string') scope.handlerBlocks.add(name);
  if (list) buildHandlers(scope, list, inner);
}

/** Patterns of the names that hold templates. */
function patternsOf(names: readonly string[]): readonly RegExp[] {
  return names.filter(isTemplate).map((name) => {
    return new RegExp(
      `^${fixedParts(name)
        .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
      's',
    );
  });
}

const notABlock = {
  code: 'unknown-handler',
  why: 'it is the name of a block, whose tasks are handlers one by one',
  hint: 'notify these, or a topic to which they listen',
} as const;

/** Problems of names under `notify` that no handler of the play answers to. */
export function notificationProblems(scope: PlayScope): readonly Problem[] {
  const all = [...scope.handlerNames];
  const literal = all.filter((name) => !isTemplate(name));
  const patterns = patternsOf(all);
  return scope.notifications.flatMap(({ name, at }) => {
    const known =
      isTemplate(name) || literal.includes(name) || patterns.some((pattern) => pattern.test(name));
    if (known) return [];
    const hint =
      literal.length === 0
        ? 'the play has no handlers: add one under `handlers:`'
        : didYouMean(
            name,
            literal.filter((target) => !target.includes(' : ')),
          );
    if (scope.handlerBlocks.has(name))
      return [{ ...notABlock, message: `there is no handler '${name}'`, at }];
    const why = 'no handler of the play has this name or listens to it';
    return [
      { code: 'unknown-handler', message: `there is no handler '${name}'`, at, why, ...(hint && { hint }) },
    ];
  });
}
