import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Position } from '../../errors/problem.ts';
import { type CheckedKeywords, checkKeywords, withBoolean } from '../keywords/keyword-check.ts';
import { playKeywords, taskKeywords } from '../keywords/keyword-set.ts';
import { idleKeyword, insteadOfKeyword } from '../keywords/unsupported-keywords.ts';
import type { Play, Role, Task, TaskNode, VariableLayer } from '../model.ts';
import { knownRoles, roleDirectory } from '../roles/role-search.ts';
import { RolePlacer } from '../roles/role-tasks.ts';
import type { Loading } from '../source/loading/loading.ts';
import { variableLayer } from '../source/loading/variable-layer.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { buildHandlers, notificationProblems } from '../tasks/handler-list.ts';
import { type Inherited, inherit, outermost } from '../tasks/inherited.ts';
import type { PlayScope } from '../tasks/play-scope.ts';
import { flushTask } from '../tasks/task-builder.ts';
import { buildTasks } from '../tasks/task-list.ts';
import { readVarsFiles } from './vars-files.ts';
import { promptLayer } from './vars-prompt.ts';

/** A play as written, before it is built. */
export interface PlaySource {
  readonly node: YamlNode;
  /** Directory of the playbook file that holds it. */
  readonly directory: string;
  /** Directory of the user's file, beside which roles are looked for. */
  readonly userDirectory: string;
  /** Where that file imports it, when it comes with provision. */
  readonly importedAt: Position | undefined;
  readonly index: number;
  /** To the questions of `vars_prompt`. */
  readonly answers: ReadonlyMap<string, YamlNode>;
  /** What `import_playbook` and the playbook's own `vars` add. */
  readonly outer: Pick<Inherited, 'when' | 'tags' | 'vars'>;
  /** Of the command line, as they are given. */
  readonly extraVars: VariableLayer;
  /** Names of the hosts after `hosts:`. */
  readonly hosts: readonly string[];
}

function checkKeys(loading: Loading, node: YamlNode): void {
  const known = playKeywords.names;
  for (const [key] of node.entries()) {
    if (known.includes(key)) continue;
    const at = node.keyAt(key);
    const idle = idleKeyword(key);
    if (idle) {
      if (idle.advice !== undefined)
        loading.warnings.push(`${at.file}:${at.line}: ${key} has no effect: ${idle.advice}`);
      continue;
    }
    const instead = insteadOfKeyword(key);
    if (instead) {
      loading.report({ code: 'not-supported', message: `'${key}' is not supported`, at, hint: instead });
      continue;
    }
    const ofTask = taskKeywords.names.includes(key) || loading.resources.has(key);
    const why = ofTask ? 'it belongs to a task' : undefined;
    const hint = ofTask ? 'write it under `tasks:`' : didYouMean(key, known);
    const message = `unknown key '${key}' in the play`;
    loading.report({ code: 'unknown-key', message, at, ...(why && { why }), ...(hint && { hint }) });
  }
}

/** One play being built; its parts share a scope. */
class PlayBuilder {
  readonly #source: PlaySource;
  readonly #checked: CheckedKeywords;
  readonly #scope: PlayScope;
  readonly #placer: RolePlacer;
  readonly #inherited: Inherited;
  readonly #vars: readonly VariableLayer[];

  constructor(loading: Loading, source: PlaySource) {
    const { node, directory, userDirectory, importedAt, index, outer } = source;
    this.#source = source;
    checkKeys(loading, node);
    const keywords = node.only(...playKeywords.names);
    this.#checked = checkKeywords(keywords, playKeywords, 'the play');
    loading.report(...this.#checked.problems);
    this.#vars = playVars(loading, source);
    const handlers: Task[] = [];
    const roles: Role[] = [];
    const scope: PlayScope = {
      loading,
      index,
      directory: userDirectory,
      importedAt,
      searchPath: [...new Set([directory, userDirectory])],
      playVars: this.#vars,
      extraVars: source.extraVars,
      handlers,
      handlerNames: new Set(),
      handlerBlocks: new Set(),
      roles,
      lacksRole: false,
      notifications: [],
      tasks: (list, inherited) => buildTasks(scope, list, inherited),
      addHandlers: (list, inherited) => buildHandlers(scope, list, inherited),
      role: (request, inherited) => this.#placer.tasks(request, inherited),
      hasRole: (name, { role }) =>
        roleDirectory(name, userDirectory, role?.directory, loading.rolesPath) !== undefined,
      roleNames: () => knownRoles(userDirectory, loading.rolesPath),
    };
    this.#scope = scope;
    this.#placer = new RolePlacer(() => scope);
    // Variables, become and environment of a play are kept with the play; the rest reaches its tasks here.
    const own = keywords.without(
      'vars',
      'become',
      'become_user',
      'become_method',
      'environment',
      'connection',
    );
    const base = { ...outermost(String(index), scope.searchPath), when: outer.when, tags: outer.tags };
    this.#inherited = inherit(base, own, this.#checked.values, '');
  }

  #inside(section: string): Inherited {
    return { ...this.#inherited, id: `${this.#source.index}.${section}` };
  }

  #section(name: 'pre_tasks' | 'tasks' | 'post_tasks'): readonly TaskNode[] {
    const list = this.#source.node.get(name);
    return list ? buildTasks(this.#scope, list, this.#inside(name)) : [];
  }

  #flush(name: string, before: readonly TaskNode[]): readonly TaskNode[] {
    if (before.length === 0) return before;
    const { node } = this.#source;
    const empty = { values: {}, problems: [] };
    const inherited = outermost(String(this.#source.index), this.#scope.searchPath);
    const task = flushTask(node.withEntries([]), empty, inherited, `${this.#source.index}.flush.${name}`);
    return [...before, { task }];
  }

  build(): Play {
    const { node, index, hosts, importedAt } = this.#source;
    const { values } = this.#checked;
    const pre = this.#flush('pre_tasks', this.#section('pre_tasks'));
    const roleList = node.get('roles');
    const roles = roleList ? this.#placer.entries(roleList, this.#inside('roles')) : [];
    const main = this.#flush('tasks', [...roles, ...this.#section('tasks')]);
    const post = this.#flush('post_tasks', this.#section('post_tasks'));
    const handlers = node.get('handlers');
    if (handlers) this.#scope.addHandlers(handlers, { ...this.#inside('handlers'), when: [] });
    if (!this.#scope.lacksRole) this.#scope.loading.remark(...notificationProblems(this.#scope));
    const become = node.get('become');
    return {
      index,
      name:
        typeof values.name === 'string' ? values.name : String(node.get('hosts')?.value ?? `play ${index}`),
      at: node.position,
      importedAt,
      hosts,
      tasks: [...pre, ...main, ...post],
      handlers: inOrder(this.#scope.handlers),
      roles: this.#scope.roles,
      vars: this.#vars,
      gatherFacts: values.gather_facts !== false,
      forceHandlers: values.force_handlers === true,
      serial: serialOf(values.serial),
      anyErrorsFatal: values.any_errors_fatal === true,
      allOrNothing: values.rollback === 'always',
      maxFailPercentage:
        typeof values.max_fail_percentage === 'number' ? values.max_fail_percentage : undefined,
      become: become && withBoolean(become),
      becomeUser: node.get('become_user'),
      becomeMethod: node.get('become_method'),
      environment: node.get('environment'),
    };
  }
}

function playVars(
  loading: Loading,
  { node, index, directory, answers, outer }: PlaySource,
): readonly VariableLayer[] {
  const prompted = promptLayer(node, answers, index);
  const vars = node.get('vars');
  const files = node.get('vars_files');
  return [
    ...outer.vars,
    ...(vars?.isMapping() ? [variableLayer(`vars of play ${index}`, vars)] : []),
    ...(prompted ? [prompted] : []),
    ...(files ? readVarsFiles(loading, files, directory) : []),
  ];
}

// Those of roles that include_role brings come last: Ansible does not know them before.
function inOrder(handlers: readonly Task[]): readonly Task[] {
  const comesLate = ({ role }: Task) =>
    role !== undefined && [role, ...role.parents].some(({ dynamic }) => dynamic);
  return [...handlers.filter((one) => !comesLate(one)), ...handlers.filter(comesLate)];
}

function serialOf(value: unknown): readonly (number | string)[] | undefined {
  if (value === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((share) =>
    typeof share === 'string' && /^\d+$/.test(share) ? Number(share) : (share as number | string),
  );
}

/** Builds a play: its roles' tasks in place, everything in it checked and problems reported. */
export function buildPlay(loading: Loading, source: PlaySource): Play {
  return new PlayBuilder(loading, source).build();
}
