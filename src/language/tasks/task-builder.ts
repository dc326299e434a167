import type { Position } from '../../errors/problem.ts';
import { type CheckedKeywords, conditionSources } from '../keywords/keyword-check.ts';
import { lookupLoops, loopWords } from '../keywords/loop-words.ts';
import type { Source, Task, TaskNode } from '../model.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { type Inherited, inherit } from './inherited.ts';

/** What is particular to a task beside its keywords. */
export interface TaskShape {
  readonly id: string;
  readonly resource: string;
  readonly args: Source;
  readonly includes?: ReadonlyMap<string, readonly TaskNode[]>;
  readonly name?: string;
  readonly lateValues?: true;
}

function optionalConditions(node: YamlNode, key: string): readonly Source[] | undefined {
  return node.get(key) ? conditionSources(node.get(key)) : undefined;
}

function loopOf(node: YamlNode): {
  readonly loop: Source | undefined;
  readonly loopLookup: string | undefined;
} {
  const word = loopWords.find((name) => node.get(name));
  return word === undefined
    ? { loop: undefined, loopLookup: undefined }
    : { loop: node.get(word), loopLookup: lookupLoops.get(word) };
}

/** Makes a task of checked keywords and what they inherit. */
export function makeTask(
  node: YamlNode,
  { values }: CheckedKeywords,
  inherited: Inherited,
  shape: TaskShape,
): Task {
  const own = inherit(inherited, node, values, `vars of the task on line ${node.position.line}`);
  const control = (values.loop_control ?? {}) as Readonly<Record<string, unknown>>;
  const name = typeof values.name === 'string' ? values.name : shape.name;
  const { loop, loopLookup } = loopOf(node);
  return {
    id: shape.id,
    name,
    at: node.position,
    resource: shape.resource,
    args: shape.args,
    when: own.when,
    loop,
    loopLookup,
    loopVar: typeof control.loop_var === 'string' ? control.loop_var : 'item',
    indexVar: typeof control.index_var === 'string' ? control.index_var : undefined,
    loopExtended:
      control.extended !== true ? undefined : control.extended_allitems === false ? 'without items' : 'whole',
    loopLabel: node.get('loop_control')?.get('label'),
    register: typeof values.register === 'string' ? values.register : undefined,
    notify: own.notify,
    listen: Array.isArray(values.listen) ? values.listen.map(String) : [],
    tags: own.tags,
    become: own.become,
    becomeUser: own.becomeUser,
    becomeMethod: own.becomeMethod,
    environment: own.environment,
    delegateTo: own.delegateTo,
    delegateFacts: own.delegateFacts,
    runOnce: own.runOnce,
    runOnceText: own.runOnceText,
    checkMode: own.checkMode,
    checkModeText: own.checkModeText,
    noDiff: own.noDiff,
    noDiffText: own.noDiffText,
    noLog: own.noLog,
    noLogText: own.noLogText,
    timeout: own.timeout,
    async: node.get('async'),
    poll: node.get('poll'),
    ignoreErrors: own.ignoreErrors,
    changedWhen: optionalConditions(node, 'changed_when'),
    failedWhen: optionalConditions(node, 'failed_when'),
    until: optionalConditions(node, 'until'),
    retries: node.get('retries'),
    delay: node.get('delay'),
    vars: own.vars,
    role: own.role,
    searchPath: own.searchPath,
    ...(shape.lateValues && { lateValues: true }),
    includes: shape.includes,
  };
}

/** A task of the language itself: runs the handlers that were notified so far. */
export function flushTask(node: YamlNode, keywords: CheckedKeywords, inherited: Inherited, id: string): Task {
  const at: Position = node.position;
  const args: Source = { value: 'flush_handlers', at: () => at };
  return {
    ...makeTask(node, keywords, { ...inherited, tags: ['always'] }, { id, resource: 'meta', args }),
    name: undefined,
    at,
  };
}
