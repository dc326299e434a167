import type { Position } from '../../errors/problem.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import { checkKeywords } from '../keywords/keyword-check.ts';
import { roleKeywords } from '../keywords/keyword-set.ts';
import { insteadOfKeyword } from '../keywords/unsupported-keywords.ts';
import type { Loading } from '../source/loading/loading.ts';
import type { YamlChild, YamlNode } from '../source/yaml/yaml-node.ts';
import { earlyName, earlyNames } from '../tasks/early-name.ts';
import { type Inherited, inherit } from '../tasks/inherited.ts';
import type { PlayScope, RoleRequest } from '../tasks/play-scope.ts';

// Words of a role entry that are neither keywords nor variables.
const own = ['role', 'name', 'vars', 'tasks_from', 'vars_from', 'defaults_from', 'handlers_from'];

/** An entry of `roles:` or `dependencies:`: the role it asks for and what its tasks inherit. */
export interface RoleEntry {
  readonly request: RoleRequest;
  readonly inherited: Inherited;
}

function text(node: YamlNode, key: string): string | undefined {
  const value = node.get(key)?.value;
  return typeof value === 'string' ? value : undefined;
}

// Every other key of an entry is a variable passed to the role.
function parametersOf(node: YamlNode): YamlNode {
  const keywords = [...roleKeywords.names, ...own];
  const inline = node.entries().filter(([key]) => !keywords.includes(key));
  return node.withEntries(
    inline.map(([key, value]): [string, YamlChild] => [key, { keyAt: node.keyAt(key), node: value }]),
  );
}

function nameProblem(loading: Loading, at: Position, templated: boolean): undefined {
  loading.report(
    templated
      ? {
          code: 'template-not-allowed',
          message: 'the name of a role is not known when the playbook is read',
          at,
          why: earlyNames,
          hint: 'use include_role in tasks, which takes one',
        }
      : { code: 'wrong-type', message: 'a role must be a name, or a mapping with `role: NAME`', at },
  );
}

/** Reads one entry; undefined, with problems reported, when it names no role. */
export function readRoleEntry(scope: PlayScope, node: YamlNode, outer: Inherited): RoleEntry | undefined {
  const { loading } = scope;
  const written = typeof node.value === 'string' ? node.value : (text(node, 'role') ?? text(node, 'name'));
  const name = written && earlyName(scope, written, outer);
  const at = typeof node.value === 'string' ? node.position : node.at(text(node, 'role') ? 'role' : 'name');
  if (name === undefined || name === '') return nameProblem(loading, node.position, false);
  if (isTemplate(name)) return nameProblem(loading, at, true);
  for (const [key] of node.entries()) {
    const instead = insteadOfKeyword(key);
    if (!instead || own.includes(key)) continue;
    loading.report({
      code: 'not-supported',
      message: `'${key}' is not supported`,
      at: node.keyAt(key),
      hint: instead,
    });
  }
  const keywords = node.only(...roleKeywords.names).without('name');
  const checked = checkKeywords(keywords, roleKeywords, `the role ${name}`);
  loading.report(...checked.problems);
  const from = {
    ...named('tasks', text(node, 'tasks_from')),
    ...named('vars', text(node, 'vars_from')),
    ...named('defaults', text(node, 'defaults_from')),
    ...named('handlers', text(node, 'handlers_from')),
  };
  return {
    request: {
      name,
      at,
      parameters: parametersOf(node),
      vars: node.get('vars'),
      from,
      again: false,
      dynamic: false,
      shared: true,
    },
    inherited: inherit(outer, keywords.without('vars'), checked.values, ''),
  };
}

function named<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: string };
}
