import type { Position, Problem } from '../../errors/problem.ts';
import { withoutTemplates } from '../../jinja/values/condition-templates.ts';
import { hasTemplate, isInBraces, isTemplate, withoutMarks } from '../../jinja/values/template-marks.ts';
import { isMapping } from '../../jinja/values/value.ts';
import { placeProblem } from '../source/schema/prepared-arguments.ts';
import { booleanWord, coerce } from '../source/schema/schema-coercion.ts';
import { schemaProblems } from '../source/schema/schema-problem.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import type { KeywordSet } from './keyword-set.ts';

/** Keywords fitted to their types. */
export interface CheckedKeywords {
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

function literalProblem(key: string, at: Position): Problem {
  return {
    code: 'template-not-allowed',
    message: `'${key}' cannot be a template`,
    at,
    why: 'it is needed when the playbook is loaded, before any variable of a host is known',
    hint: 'write the value itself',
  };
}

// Names of roles as templates know them, which are known when a playbook is loaded.
const roleNameVariables: readonly string[] = [
  'role_name',
  'ansible_role_name',
  'ansible_parent_role_names',
  'ansible_collection_name',
];

// Beside texts and filters nothing but these names.
function namesRolesOnly(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(namesRolesOnly);
  if (!isTemplate(value)) return true;
  return [...String(value).matchAll(/\{\{([\s\S]*?)\}\}/g)].every(([, inside = '']) => {
    const bare = inside.replaceAll(/'[^']*'|"[^"]*"|\|\s*\w+/g, ' ');
    return (bare.match(/[A-Za-z_]\w*/g) ?? []).every((name) => roleNameVariables.includes(name));
  });
}

function conditionProblems(key: string, node: YamlNode): Problem[] {
  const parts = node.isList() ? node.items() : [node];
  return parts
    .filter(({ value }) => isTemplate(value) && !isInBraces(value) && !isRewritten(value))
    .map((part) => ({
      code: 'braces-in-condition',
      message: `'${key}' is an expression already: leave out the braces`,
      at: part.position,
      why: 'a template inside an expression would be rendered first and its text then taken for code',
      hint: `write ${key}: ${withoutMarks(String(part.value))}`,
    }));
}

// Templates in it stand where they can be taken for what they give.
function isRewritten(value: unknown): boolean {
  return typeof value === 'string' && withoutTemplates(value) !== undefined;
}

/** Warnings of conditions with templates, as a whole or inside quotes: they mean the same without, and Ansible warns of them too. */
export function bracedConditions(node: YamlNode): readonly string[] {
  return conditionWords.flatMap((key) =>
    conditionSources(node.get(key))
      .filter(({ value }) => isTemplate(value) && (isInBraces(value) || isRewritten(value)))
      .map(({ position: { file, line }, value }) => {
        if (!isInBraces(value))
          return `${file}:${line}: '${key}' is an expression already: names in it need neither braces nor quotes`;
        const better = withoutMarks(String(value)).trim();
        return `${file}:${line}: '${key}' is an expression already and needs no braces: write ${key}: ${better}`;
      }),
  );
}

const conditionWords = ['when', 'changed_when', 'failed_when', 'until'];

// A name alone is looked up in conditions, not here.
function loopProblems(node: YamlNode | undefined): Problem[] {
  if (node && isMapping(node.value)) {
    const message = "'loop' takes a list, and this is a mapping";
    const hint =
      'give the mapping a name under vars and write loop: "{{ NAME | dict2items }}", or write with_dict';
    return [{ code: 'wrong-type', message, at: node.position, hint }];
  }
  if (typeof node?.value !== 'string' || isTemplate(node.value)) return [];
  const text = node.value.length > 40 ? `${node.value.slice(0, 40)}...` : node.value;
  return [
    {
      code: 'wrong-type',
      message: `'loop' takes a list, and '${text}' is a text`,
      at: node.position,
      hint: `if it is a variable or an expression, write loop: "{{ ${text} }}"; if it is the one item, loop: [${text}]`,
    },
  ];
}

/**
 * Checks keywords against their schema; booleans and lists are fitted as YAML's habits allow.
 * @param subject how messages call the whole: `the play`
 */
export function checkKeywords(node: YamlNode, keywords: KeywordSet, subject: string): CheckedKeywords {
  const { schema, literal, roleNames, conditions } = keywords;
  const values = coerce(schema, node.value, { templated: true, splits: (key) => key === 'tags' });
  const problems = schemaProblems(schema, values, subject, true).map((problem) =>
    placeProblem(problem, node),
  );
  for (const path of literal) {
    const part = path.reduce<YamlNode | undefined>((parent, name) => parent?.get(name), node);
    if (part && hasTemplate(part.value)) problems.push(literalProblem(path.join('.'), part.position));
  }
  for (const key of roleNames) {
    const part = node.get(key);
    if (part && hasTemplate(part.value) && !namesRolesOnly(part.value))
      problems.push(literalProblem(key, part.position));
  }
  for (const key of conditions) {
    const part = node.get(key);
    if (part) problems.push(...conditionProblems(key, part));
  }
  problems.push(...loopProblems(node.get('loop')));
  return { values: values as Readonly<Record<string, unknown>>, problems };
}

/** The expressions of a condition keyword, `yes` and `no` as booleans. */
export function conditionSources(node: YamlNode | undefined): readonly YamlNode[] {
  if (!node) return [];
  return (node.isList() ? node.items() : [node]).map(withBoolean);
}

const withWord = new WeakMap<YamlNode, YamlNode>();

/** A value that may be a boolean word, as a boolean where it is one. */
export function withBoolean(node: YamlNode): YamlNode {
  const word = typeof node.value === 'string' && node.value.length > 1 ? booleanWord(node.value) : undefined;
  if (word === undefined) return node;
  const made = withWord.get(node) ?? node.withValue(word);
  withWord.set(node, made);
  return made;
}
