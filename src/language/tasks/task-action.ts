import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import type { AnyResource } from '../../resources/resource.ts';
import type { CheckedKeywords } from '../keywords/keyword-check.ts';
import { playKeywords } from '../keywords/keyword-set.ts';
import { idleKeyword, insteadOfKeyword } from '../keywords/unsupported-keywords.ts';
import { insteadOfModule } from '../keywords/unsupported-modules.ts';
import { shown } from '../source/schema/schema-words.ts';
import type { YamlChild, YamlNode } from '../source/yaml/yaml-node.ts';
import { canonicalArguments } from './argument-names.ts';
import { type ForeignModule, foreignModule } from './foreign-module.ts';
import type { Inherited } from './inherited.ts';
import { commandArguments, inlineArguments } from './inline-arguments.ts';

/** What a task does. */
export interface Action {
  /** Canonical name of the resource or of the word of the language. */
  readonly name: string;
  /** The key as written. */
  readonly key: string;
  /** Undefined for words of the language such as `include_tasks`. */
  readonly resource: AnyResource | undefined;
}

/** A task whose keywords are checked and whose action is known. */
export interface ActionTask {
  /** The keywords, without the action. */
  readonly node: YamlNode;
  readonly checked: CheckedKeywords;
  readonly inherited: Inherited;
  readonly id: string;
  readonly action: Action;
  readonly args: YamlNode;
}

/** Actions that are part of the language rather than resources. */
const languageActions: readonly string[] = [
  'import_role',
  'import_tasks',
  'include_role',
  'include_tasks',
  'include_vars',
  'meta',
];

// Before there were two words for it.
const olderActions: ReadonlyMap<string, string> = new Map([['include', 'include_tasks']]);

// Those that a plain text can follow.
const languageTexts = ['import_tasks', 'include_tasks', 'include_vars', 'meta'];

/** A key without the prefix of a collection whose modules are among the resources. */
export function shortName(key: string): string {
  return key.replace(
    /^(ansible\.(builtin|legacy|posix)|ansible\.mysql|community\.(general|crypto|docker|postgresql|mysql))\.(?=\w+$)/,
    '',
  );
}

function unknownKey(key: string, node: YamlNode, choice: readonly string[]): Problem {
  const at = node.keyAt(key);
  const short = shortName(key);
  const keyword = insteadOfKeyword(short);
  if (keyword) return { code: 'not-supported', message: `'${key}' is not supported`, at, hint: keyword };
  const instead = insteadOfModule(short);
  if (instead)
    return { code: 'not-supported', message: `the module '${key}' is not supported`, at, hint: instead };
  // No keyword has a dot.
  if (/^\w+(\.\w+){2,}$/.test(key)) {
    const short = key.split('.').at(-1) ?? key;
    const hint =
      didYouMean(short, choice) ?? 'there are no further collections: use command, or a module that is there';
    return { code: 'not-supported', message: `the module '${key}' is not supported`, at, hint };
  }
  const message = `unknown key '${key}' in the task`;
  if (playKeywords.names.includes(short)) {
    return {
      code: 'unknown-key',
      message,
      at,
      hint: `'${short}' belongs to a play: is it indented too far?`,
    };
  }
  const why = 'it is neither a keyword of a task nor the name of a resource';
  const hint = didYouMean(short, choice) ?? 'docs/resources.md has all resources';
  return { code: 'unknown-key', message, at, why, hint };
}

// A whole play that stands among tasks is one mistake, however many keys it has.
function playInside(node: YamlNode): Problem | undefined {
  const parts = ['tasks', 'roles', 'pre_tasks', 'post_tasks', 'handlers'];
  if (!node.get('hosts') || !parts.some((part) => node.get(part))) return undefined;
  const message = 'a play stands among the tasks of another';
  const why = "'hosts' makes a play of it, and a play has no plays inside";
  return {
    code: 'unknown-key',
    message,
    at: node.keyAt('hosts'),
    why,
    hint: 'begin it in the column of the play above',
  };
}

/** Finds the one key of a task that says what it does; [] of problems only when there is exactly one. */
export function recogniseAction(
  node: YamlNode,
  keywords: readonly string[],
  resources: ReadonlyMap<string, AnyResource>,
): {
  readonly action: Action | undefined;
  readonly problems: readonly Problem[];
  /** The only thing that is wrong: it is a module that is not there. */
  readonly foreign: ForeignModule | undefined;
} {
  const play = playInside(node);
  if (play) return { action: undefined, problems: [play], foreign: undefined };
  const problems: Problem[] = [];
  const foreign: (ForeignModule | undefined)[] = [];
  const actions: Action[] = [];
  for (const [key] of node.entries()) {
    if (keywords.includes(key) || idleKeyword(key)) continue;
    const written = shortName(key);
    const short = olderActions.get(written) ?? written;
    const resource = resources.get(short);
    if (resource || languageActions.includes(short))
      actions.push({ name: resource?.name ?? short, key, resource });
    else {
      const choice = [...keywords, ...resources.keys(), ...languageActions, 'block'];
      problems.push(unknownKey(key, node, choice));
      foreign.push(foreignModule(key, short, choice));
    }
  }
  const [action, second] = actions;
  if (action && second) {
    problems.push({
      code: 'several-actions',
      message: `the task names two resources: '${action.key}' and '${second.key}'`,
      at: node.keyAt(second.key),
      why: 'a task does one thing',
      hint: `begin a task of its own with '${second.key}'`,
    });
  }
  if (!action && problems.length === 0) {
    problems.push({
      code: 'no-action',
      message: 'the task does nothing: no key of it names a resource',
      at: node.position,
      hint: 'add a resource such as copy, template, apt, service or command',
    });
  }
  const only = action === undefined && foreign.length === 1 ? foreign[0] : undefined;
  return { action, problems, foreign: only };
}

function merged(value: YamlNode, more: YamlNode): { node: YamlNode; twice: string | undefined } {
  const entries = [value, more].flatMap((part) =>
    part.entries().map(([key, node]) => [key, { keyAt: part.keyAt(key), node }] as const),
  );
  return { node: value.withEntries(entries), twice: more.entries().find(([key]) => value.get(key))?.[0] };
}

// Words of the language that take a text as it is, unless it is of the form `file=NAME`.
function isPlainText(key: string, text: string): boolean {
  const word = olderActions.get(shortName(key)) ?? shortName(key);
  return languageTexts.includes(word) && !/^\s*(?:file|name|dir)=/.test(text);
}

/** The arguments of an action as one mapping: its own value, `args:` and a free-form text together. */
export function actionArguments(
  node: YamlNode,
  { key, resource }: Action,
): { readonly args: YamlNode; readonly problems: readonly Problem[] } {
  const value = node.get(key) ?? node;
  const more = node.get('args');
  const wrong = (problem: Problem) => ({ args: value, problems: [problem] });
  let own = value.value === null ? value.withEntries([]) : value;
  if (!value.isMapping() && !value.isList() && value.value !== null) {
    const text = String(value.value);
    if (!resource && isPlainText(key, text)) return { args: value, problems: [] };
    const read = resource?.freeform ? commandArguments(value, resource.freeform) : inlineArguments(value);
    if (!read && isTemplate(text) && more === undefined) {
      return wrong({
        code: 'not-supported',
        message: `the arguments of ${key} cannot be one template`,
        at: value.position,
        why: 'which arguments there are could then not be checked before the first connection',
        hint: 'write the arguments one by one; each value may be a template',
      });
    }
    const message = `the arguments of ${key} must be a mapping, not ${shown(value.value)}`;
    if (!read) return wrong({ code: 'wrong-type', message, at: value.position });
    own = read;
  }
  if (value.isList()) {
    const message = `the arguments of ${key} must be a mapping, not a list`;
    return wrong({
      code: 'wrong-type',
      message,
      at: value.position,
      hint: 'for several, write loop beside it',
    });
  }
  if (!more?.isMapping()) return canonicalArguments(own, resource);
  const { node: args, twice } = merged(own, more);
  if (twice === undefined) return canonicalArguments(args, resource);
  const message = `'${twice}' stands both under ${key} and under args`;
  return {
    args,
    problems: [{ code: 'duplicate-key', message, at: more.keyAt(twice), hint: 'remove one of them' }],
  };
}

// `with_community.general.flattened` is `with_flattened`.
function withShortLoop(node: YamlNode): YamlNode {
  const short = (key: string) =>
    key.replace(/^with_(?:ansible\.builtin|ansible\.legacy|community\.general)\./, 'with_');
  if (!node.entries().some(([key]) => short(key) !== key)) return node;
  return node.withEntries(
    node.entries().map(([key, part]) => [short(key), { keyAt: node.keyAt(key), node: part }] as const),
  );
}

/** A task whose `action` or `local_action` is written as its resource. */
export function plainTask(written: YamlNode): YamlNode {
  const node = withShortLoop(written);
  const word = ['action', 'local_action'].find((one) => node.get(one));
  const value = word === undefined ? undefined : node.get(word);
  if (word === undefined || !value) return node;
  const named = value.isMapping() ? value.get('module') : value;
  const [, name = '', rest = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(String(named?.value ?? '')) ?? [];
  if (name === '' || name.includes('{{')) return node;
  const args = value.isMapping() ? value.without('module') : value.withValue(rest === '' ? null : rest);
  const keyAt = node.keyAt(word);
  const others = node.without(word);
  const here: readonly (readonly [string, YamlChild])[] =
    word === 'local_action' && !node.get('delegate_to')
      ? [['delegate_to', { keyAt, node: value.withEntries([]).withValue('localhost') }]]
      : [];
  return others.withEntries([
    ...others.entries().map(([key, part]) => [key, { keyAt: others.keyAt(key), node: part }] as const),
    [name, { keyAt, node: args }],
    ...here,
  ]);
}
