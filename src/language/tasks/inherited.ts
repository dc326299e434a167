import { conditionSources, withBoolean } from '../keywords/keyword-check.ts';
import type { Role, Source, VariableLayer } from '../model.ts';
import { variableLayer } from '../source/loading/variable-layer.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { tagWords } from './tag-words.ts';

/** What a task takes over from the play, role, include and blocks around it. */
export interface Inherited {
  /** Id of what encloses it; its own number is added. */
  readonly id: string;
  readonly when: readonly Source[];
  readonly tags: readonly string[];
  readonly vars: readonly VariableLayer[];
  readonly become: Source | undefined;
  readonly becomeUser: Source | undefined;
  readonly becomeMethod: Source | undefined;
  readonly environment: YamlNode | undefined;
  readonly delegateTo: Source | undefined;
  readonly delegateFacts: boolean;
  readonly runOnce: boolean;
  readonly runOnceText: Source | undefined;
  readonly checkMode: boolean | undefined;
  readonly checkModeText: Source | undefined;
  /** Arguments of resources where a task gives none, by resource as it is written; later ones win. */
  readonly moduleDefaults: readonly YamlNode[];
  readonly noDiff: boolean;
  readonly noDiffText: Source | undefined;
  readonly noLog: boolean;
  readonly noLogText: Source | undefined;
  readonly timeout: Source | undefined;
  readonly ignoreErrors: Source | undefined;
  readonly notify: readonly Source[];
  readonly role: Role | undefined;
  readonly searchPath: readonly string[];
  /** In which folder of a role an include looks first. */
  readonly folder: 'tasks' | 'handlers';
  /** It stands behind a condition, or in one of several files of which a host takes one. */
  readonly conditional: boolean;
  /** It stands in one of several files that a template may name, perhaps in one that it never names. */
  readonly guessed: boolean;
  /** Task files that led here, outermost first: an include of one of them would never end. */
  readonly chain: readonly string[];
}

/** Inherited by the outermost tasks of a play; what the play itself holds for all tasks is not repeated. */
export function outermost(id: string, searchPath: readonly string[]): Inherited {
  return {
    id,
    when: [],
    tags: [],
    vars: [],
    become: undefined,
    becomeUser: undefined,
    becomeMethod: undefined,
    environment: undefined,
    delegateTo: undefined,
    delegateFacts: false,
    runOnce: false,
    runOnceText: undefined,
    checkMode: undefined,
    checkModeText: undefined,
    moduleDefaults: [],
    noDiff: false,
    noDiffText: undefined,
    noLog: false,
    noLogText: undefined,
    timeout: undefined,
    ignoreErrors: undefined,
    notify: [],
    role: undefined,
    searchPath,
    folder: 'tasks',
    conditional: false,
    guessed: false,
    chain: [],
  };
}

function mergedEnvironment(outer: YamlNode | undefined, inner: YamlNode | undefined): YamlNode | undefined {
  const flat = inner?.isList() ? inner.items().reduce(overlaid, undefined) : inner;
  return flat ? overlaid(outer, flat) : outer;
}

function overlaid(outer: YamlNode | undefined, inner: YamlNode): YamlNode {
  if (!outer?.isMapping() || !inner.isMapping()) return inner;
  const entries = [outer, inner].flatMap((part) =>
    part.entries().map(([name, node]) => [name, { keyAt: part.keyAt(name), node }] as const),
  );
  return inner.withEntries(entries);
}

/** The items of a list, or the one thing that stands in its place. */
export function partsOf(node: YamlNode | undefined): readonly YamlNode[] {
  if (!node) return [];
  return node.isList() ? node.items() : [node];
}

/** Arguments that what encloses a node gives resources, and what the node itself says of them. */
export function moduleDefaultsAt(outer: Inherited, node: YamlNode): readonly YamlNode[] {
  return [...outer.moduleDefaults, ...partsOf(node.get('module_defaults'))];
}

// A task with `connection: local` acts on the control node, with the variables of its host.
function hereOnly(node: YamlNode): YamlNode | undefined {
  const connection = node.get('connection');
  return connection?.value === 'local' ? connection.withValue('localhost') : undefined;
}

/**
 * What is inside a play, block, include or role entry inherits from it.
 * @param node the keywords as written
 * @param values the same, checked and fitted
 * @param origin how messages call its variables
 */
export function inherit(
  outer: Inherited,
  node: YamlNode,
  values: Readonly<Record<string, unknown>>,
  origin: string,
): Inherited {
  const flag = (key: string) => (typeof values[key] === 'boolean' ? values[key] : undefined);
  const part = (key: string) => {
    const found = node.get(key);
    return found && withBoolean(found);
  };
  const text = (key: string) => (typeof values[key] === 'string' ? node.get(key) : undefined);
  const vars = node.get('vars');
  const noLogText = text('no_log');
  const noDiffText = text('diff');
  return {
    ...outer,
    when: [...outer.when, ...conditionSources(node.get('when'))],
    conditional: outer.conditional || node.get('when') !== undefined,
    tags: [...new Set([...outer.tags, ...tagWords(values.tags, outer.role)])],
    vars: vars?.isMapping() ? [...outer.vars, variableLayer(origin, vars)] : outer.vars,
    become: part('become') ?? outer.become,
    becomeUser: node.get('become_user') ?? outer.becomeUser,
    becomeMethod: node.get('become_method') ?? outer.becomeMethod,
    environment: mergedEnvironment(outer.environment, node.get('environment')),
    delegateTo: node.get('delegate_to') ?? hereOnly(node) ?? outer.delegateTo,
    delegateFacts: flag('delegate_facts') ?? outer.delegateFacts,
    runOnce: text('run_once') ? false : (flag('run_once') ?? outer.runOnce),
    runOnceText: text('run_once') ?? (flag('run_once') === undefined ? outer.runOnceText : undefined),
    checkMode: text('check_mode') ? undefined : (flag('check_mode') ?? outer.checkMode),
    checkModeText: text('check_mode') ?? (flag('check_mode') === undefined ? outer.checkModeText : undefined),
    moduleDefaults: moduleDefaultsAt(outer, node),
    // What a variable may hide is hidden.
    noDiff: noDiffText !== undefined || (flag('diff') === undefined ? outer.noDiff : flag('diff') === false),
    noDiffText: noDiffText ?? (flag('diff') === undefined ? outer.noDiffText : undefined),
    noLog: noLogText !== undefined || (flag('no_log') ?? outer.noLog),
    noLogText: noLogText ?? (flag('no_log') === undefined ? outer.noLogText : undefined),
    timeout: node.get('timeout') ?? outer.timeout,
    ignoreErrors: part('ignore_errors') ?? outer.ignoreErrors,
    notify: [...outer.notify, ...partsOf(node.get('notify'))],
  };
}

/** Whether no host needs to come to a task, for all that is known when it is loaded. */
export function isConditional(node: YamlNode, { conditional, when, tags }: Inherited): boolean {
  const own = node.get('tags')?.value;
  const all = [...tags, ...(Array.isArray(own) ? own : [own])];
  return conditional || when.length > 0 || node.get('when') !== undefined || all.includes('never');
}
