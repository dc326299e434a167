import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import type { AnyResource } from '../../resources/resource.ts';
import type { CheckedKeywords } from '../keywords/keyword-check.ts';
import { playKeywords } from '../keywords/keyword-set.ts';
import { insteadOfKeyword } from '../keywords/unsupported-keywords.ts';
import { insteadOfModule } from '../keywords/unsupported-modules.ts';
import { shown } from '../source/schema/schema-words.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import type { Inherited } from './inherited.ts';
import { hiddenOption, inlinePairs, inlineProblem } from './inline-arguments.ts';

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

// Those that a plain text can follow.
const languageTexts = ['import_tasks', 'include_tasks', 'include_vars', 'meta'];

/** A key without the prefix of Ansible's own collection. */
export function shortName(key: string): string {
  return key.replace(/^ansible\.(builtin|legacy)\./, '');
}

function unknownKey(key: string, node: YamlNode, choice: readonly string[]): Problem {
  const at = node.keyAt(key);
  const short = shortName(key);
  const keyword = insteadOfKeyword(short);
  if (keyword) return { code: 'not-supported', message: `'${key}' is not supported`, at, hint: keyword };
  const instead = insteadOfModule(short);
  if (instead)
    return { code: 'not-supported', message: `the module '${key}' is not supported`, at, hint: instead };
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
  const hint = didYouMean(short, choice);
  return { code: 'unknown-key', message, at, why, ...(hint && { hint }) };
}

/** Finds the one key of a task that says what it does; [] of problems only when there is exactly one. */
export function recogniseAction(
  node: YamlNode,
  keywords: readonly string[],
  resources: ReadonlyMap<string, AnyResource>,
): { readonly action: Action | undefined; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const actions: Action[] = [];
  const choice = [...keywords, ...resources.keys(), ...languageActions, 'block'];
  for (const [key] of node.entries()) {
    if (keywords.includes(key)) continue;
    const short = shortName(key);
    const resource = resources.get(short);
    if (resource || languageActions.includes(short))
      actions.push({ name: resource?.name ?? short, key, resource });
    else problems.push(unknownKey(key, node, choice));
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
  return { action, problems };
}

function withFreeform(value: YamlNode, freeform: string, base: YamlNode | undefined): YamlNode {
  const child = { keyAt: value.position, node: value };
  const rest = (base?.entries() ?? []).map(
    ([key, node]) => [key, { keyAt: base?.keyAt(key) ?? node.position, node }] as const,
  );
  return value.withEntries([[freeform, child], ...rest]);
}

function merged(value: YamlNode, more: YamlNode): { node: YamlNode; twice: string | undefined } {
  const entries = [value, more].flatMap((part) =>
    part.entries().map(([key, node]) => [key, { keyAt: part.keyAt(key), node }] as const),
  );
  return { node: value.withEntries(entries), twice: more.entries().find(([key]) => value.get(key))?.[0] };
}

/** The arguments of an action as one mapping: its own value, `args:` and a free-form text together. */
export function actionArguments(
  node: YamlNode,
  { key, resource }: Action,
): { readonly args: YamlNode; readonly problems: readonly Problem[] } {
  const value = node.get(key) ?? node;
  const more = node.get('args');
  const freeform = resource?.freeform;
  const wrong = (problem: Problem) => ({ args: value, problems: [problem] });
  if (typeof value.value === 'string' || typeof value.value === 'number') {
    const text = String(value.value);
    const hidden = freeform ? hiddenOption(text) : undefined;
    if (hidden) {
      const pairs = inlinePairs(
        text.slice(text.search(/(?:^|\s)(?:creates|removes|chdir|executable|stdin|warn)=/)),
      );
      const options = (pairs ?? []).map(([name, word]) => `  ${name}: ${word}`).join('\n');
      return wrong({
        code: 'inline-arguments',
        message: `'${hidden}=' inside the text of ${key} is not supported`,
        at: value.position,
        hint: `take it out of the text and write beside ${key}\nargs:\n${options}`,
      });
    }
    if (!resource && languageTexts.includes(shortName(key))) return { args: value, problems: [] };
    if (freeform) return { args: withFreeform(value, freeform, more), problems: [] };
    const pairs = resource ? inlinePairs(text) : undefined;
    if (pairs) return wrong(inlineProblem(key, pairs, value.position));
    if (isTemplate(text) && more === undefined) {
      return wrong({
        code: 'not-supported',
        message: `the arguments of ${key} cannot be one template`,
        at: value.position,
        why: 'which arguments there are could then not be checked before the first connection',
        hint: 'write the arguments one by one; each value may be a template',
      });
    }
    const message = `the arguments of ${key} must be a mapping, not ${shown(value.value)}`;
    return wrong({ code: 'wrong-type', message, at: value.position });
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
  const own = value.value === null ? value.withEntries([]) : value;
  if (!more?.isMapping()) return { args: own, problems: [] };
  const { node: args, twice } = merged(own, more);
  if (twice === undefined) return { args, problems: [] };
  const message = `'${twice}' stands both under ${key} and under args`;
  return {
    args,
    problems: [{ code: 'duplicate-key', message, at: more.keyAt(twice), hint: 'remove one of them' }],
  };
}
