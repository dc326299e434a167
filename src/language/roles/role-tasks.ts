import { dirname, join } from 'node:path';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Position } from '../../errors/problem.ts';
import type { TaskNode, VariableLayer } from '../model.ts';
import { displayPath } from '../source/loading/loading.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { ownCheckTask } from '../tasks/check-list.ts';
import type { Inherited } from '../tasks/inherited.ts';
import type { PlayScope, RoleRequest } from '../tasks/play-scope.ts';
import { findRole, readRole, roleLists } from './role.ts';
import { readRoleEntry } from './role-entry.ts';
import { roleFiles } from './role-search.ts';

// What Ansible Galaxy reads; it says nothing about what to do.
const described = ['galaxy_info', 'argument_specs', 'collections'];

interface RoleMeta {
  readonly dependencies: readonly YamlNode[];
  readonly duplicates: boolean;
}

function readMeta(scope: PlayScope, directory: string): RoleMeta {
  const [file] = roleFiles(directory, 'meta', 'main');
  const node = file === undefined ? undefined : scope.loading.mapping(file, 'meta of a role');
  for (const [key] of node?.entries() ?? []) {
    if (!node || ['dependencies', 'allow_duplicates', ...described].includes(key)) continue;
    const hint = didYouMean(key, ['dependencies', 'allow_duplicates', ...described]);
    const message = `unknown key '${key}' in meta/main.yml`;
    scope.loading.report({ code: 'unknown-key', message, at: node.keyAt(key), ...(hint && { hint }) });
  }
  const dependencies = node?.get('dependencies');
  if (dependencies && !dependencies.isList() && dependencies.value !== null) {
    scope.loading.report({
      code: 'wrong-type',
      message: "'dependencies' must be a list of roles",
      at: dependencies.position,
    });
  }
  const duplicates = ['true', 'yes'].includes(String(node?.get('allow_duplicates')?.value).toLowerCase());
  return { dependencies: dependencies?.items() ?? [], duplicates };
}

const layerNumbers = new WeakMap<VariableLayer, number>();
let layerCount = 0;

function layerNumber(layer: VariableLayer): number {
  const known = layerNumbers.get(layer);
  if (known !== undefined) return known;
  layerCount += 1;
  layerNumbers.set(layer, layerCount);
  return layerCount;
}

function passed({ parameters, vars }: RoleRequest): readonly unknown[] {
  return [parameters?.value ?? {}, vars?.value ?? {}];
}

// What the handlers of a role see and how they act: where all of it is the same, one list of them is enough.
function useOf(request: RoleRequest, directory: string, outer: Inherited): string {
  return JSON.stringify([
    join(directory, request.from.handlers ?? 'main'),
    [request.from.vars, request.from.defaults],
    passed(request),
    outer.vars.map(layerNumber),
    [outer.become, outer.becomeUser, outer.environment, outer.delegateTo].map((part) => part?.value),
  ]);
}

/** Places the roles of one play; a role asked for twice with the same parameters is done once, as in Ansible. */
export class RolePlacer {
  readonly #scope: () => PlayScope;
  readonly #done = new Set<string>();
  readonly #withHandlers = new Set<string>();
  readonly #checked = new Set<string>();
  readonly #uses = new Map<string, number>();

  constructor(scope: () => PlayScope) {
    this.#scope = scope;
  }

  /** The tasks of the entries of a play's `roles:`. */
  entries(list: YamlNode, outer: Inherited): readonly TaskNode[] {
    if (!list.isList() && list.value !== null) {
      const hint = 'begin each role with `- `';
      this.#scope().loading.report({
        code: 'wrong-type',
        message: 'roles must be a list',
        at: list.position,
        hint,
      });
    }
    return list.items().flatMap((node) => {
      const entry = readRoleEntry(this.#scope(), node, outer);
      return entry
        ? this.tasks(entry.request, { ...entry.inherited, id: this.#id(outer.id, entry.request.name) })
        : [];
    });
  }

  #id(prefix: string, name: string): string {
    const base = `${prefix}.${name.replaceAll(/[^\w-]+/g, '-')}`;
    const uses = (this.#uses.get(base) ?? 0) + 1;
    this.#uses.set(base, uses);
    return uses === 1 ? base : `${base}-${uses}`;
  }

  /**
   * The tasks of a role, those of roles it depends on first.
   * @param asked where the user's playbook asks for a role that depends on it
   */
  tasks(request: RoleRequest, inherited: Inherited, asked?: Position): readonly TaskNode[] {
    const scope = this.#scope();
    const asking = request.asking ?? inherited.role?.directory;
    const directory = findRole(scope.loading, request.name, request.at, scope.directory, asking);
    if (!directory) {
      scope.lacksRole = true;
      return [];
    }
    const { tasks: from } = request.from ?? {};
    const entry = from === undefined || from === 'main' ? directory : `${directory} (${from})`;
    if (inherited.chain.includes(entry)) {
      const why = [...inherited.chain, entry].map(displayPath).join(' -> ');
      scope.loading.report({
        code: 'endless-include',
        message: `the role '${request.name}' leads back to itself`,
        at: request.at,
        why,
      });
      return [];
    }
    const meta = scope.loading.once(scope.loading, `meta\0${directory}`, () => readMeta(scope, directory));
    const key = JSON.stringify([
      directory,
      passed(request),
      request.from,
      inherited.when.map(({ value }) => value),
      inherited.tags,
    ]);
    if (this.#done.has(key) && !request.again && !meta.duplicates) return [];
    this.#done.add(key);
    const askedAt = asked ?? inherited.role?.askedAt ?? scope.importedAt ?? request.at;
    const use = useOf(request, directory, inherited);
    const parent = request.again ? inherited.role : undefined;
    const parents = parent ? [parent, ...parent.parents] : [];
    const role = readRole(scope.loading, request, directory, askedAt, use, parents);
    if (request.shared) scope.roles.push(role);
    const inner: Inherited = {
      ...inherited,
      role,
      searchPath: [...new Set([directory, ...scope.searchPath])],
      chain: [...inherited.chain, entry],
      vars: role.parameters.variables.size > 0 ? [...inherited.vars, role.parameters] : inherited.vars,
    };
    const before = meta.dependencies.flatMap((node) => {
      const entry = readRoleEntry(scope, node, { ...inner, role: inherited.role });
      if (!entry) return [];
      const id = this.#id(inherited.id, entry.request.name);
      return this.tasks({ ...entry.request, asking: directory }, { ...entry.inherited, id }, askedAt);
    });
    this.#handlers(request, directory, inner, use);
    const own = roleLists(scope.loading, request, directory, 'tasks').flatMap(({ file, list }) => {
      const searchPath = [...new Set([directory, dirname(file), ...scope.searchPath])];
      return scope.tasks(list, { ...inner, searchPath, chain: [...inner.chain, file] });
    });
    return [...before, ...this.#checks(request, directory, inner), ...own];
  }

  // Once in a play, for each condition and each list of parameters under which the role comes.
  #checks(request: RoleRequest, directory: string, inner: Inherited): readonly TaskNode[] {
    const conditions = inner.when.map(({ value }) => value);
    const key = JSON.stringify([directory, passed(request), conditions]);
    if (this.#checked.has(key)) return [];
    this.#checked.add(key);
    return ownCheckTask(inner, this.#id(`${inner.id}.checks`, request.name));
  }

  #handlers(request: RoleRequest, directory: string, inner: Inherited, use: string): void {
    if (this.#withHandlers.has(use)) return;
    this.#withHandlers.add(use);
    const scope = this.#scope();
    for (const { list } of roleLists(scope.loading, request, directory, 'handlers')) {
      // A handler runs because it was notified, whatever the condition and the tags of its role.
      scope.addHandlers(list, {
        ...inner,
        when: [],
        tags: inner.tags,
        notify: [],
        id: `${scope.index}.handlers.${request.name.replaceAll(/[^\w-]+/g, '-')}`,
      });
    }
  }
}
