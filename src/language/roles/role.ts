import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean, nearest } from '../../errors/did-you-mean.ts';
import type { Position } from '../../errors/problem.ts';
import type { Role, VariableLayer } from '../model.ts';
import { displayPath, type Loading, pathKind } from '../source/loading/loading.ts';
import { variableLayer } from '../source/loading/variable-layer.ts';
import { type YamlChild, YamlNode } from '../source/yaml/yaml-node.ts';
import { checkListProblems } from '../tasks/check-list.ts';
import type { RoleRequest } from '../tasks/play-scope.ts';
import { knownRoles, roleDirectories, roleDirectory, roleFiles } from './role-search.ts';

/**
 * Finds the directory of a role, or says where it was looked for.
 * @param asking the directory of the role that asks for it
 */
export function findRole(
  loading: Loading,
  name: string,
  at: Position,
  playbookDirectory: string,
  asking: string | undefined,
): string | undefined {
  const directory = loading.once(loading, ['role', name, playbookDirectory, asking].join('\0'), () =>
    roleDirectory(name, playbookDirectory, asking, loading.rolesPath),
  );
  if (directory) return directory;
  const near = nearest(name, knownRoles(playbookDirectory, loading.rolesPath));
  const hint = near
    ? `did you mean '${near}'?`
    : 'put its directory into roles/ beside the playbook, or name its folder in roles_path of provision.yml; nothing is fetched from Ansible Galaxy';
  const places = roleDirectories(playbookDirectory, loading.rolesPath).map(displayPath).join(', ');
  loading.report({
    code: 'missing-role',
    message: `there is no role '${name}'`,
    at,
    why: `looked in ${places}`,
    hint,
  });
  return undefined;
}

// What a role has of the kind, when the name is not among it.
function didYouMeanFile(folder: string, word: string): string | undefined {
  if (pathKind(folder) !== 'directory') return undefined;
  const names = readdirSync(folder).map((name) => name.replace(/\.(ya?ml|json)$/, ''));
  return didYouMean(word, names);
}

/** One file of a role that was named must be there; `main` may be missing. */
function filesOf(loading: Loading, directory: string, part: string, named: string | undefined, at: Position) {
  const word = named?.replace(/\.(ya?ml|json)$/, '') ?? 'main';
  const files = loading.once(loading, ['files', directory, part, word].join('\0'), () =>
    roleFiles(directory, part, word),
  );
  if (named !== undefined && files.length === 0) {
    const message = `the role has no file ${part}/${named}`;
    const hint = didYouMeanFile(join(directory, part), word);
    const why = `looked in ${displayPath(directory)}`;
    loading.report({ code: 'missing-file', message, at, why, ...(hint !== undefined && { hint }) });
  }
  return files;
}

function layer(loading: Loading, files: readonly string[], origin: string, directory: string): VariableLayer {
  return loading.once(loading, [origin, ...files].join('\0'), () => ({
    ...readLayer(loading, files, origin),
    files: join(directory, 'files'),
  }));
}

function readLayer(loading: Loading, files: readonly string[], origin: string): VariableLayer {
  const entries = files.flatMap((file) => {
    const node = loading.mapping(file, 'a file of variables');
    return node
      ? node
          .entries()
          .map(([key, value]): [string, YamlChild] => [key, { keyAt: node.keyAt(key), node: value }])
      : [];
  });
  const at = { file: displayPath(files[0] ?? ''), line: 1, column: 1 };
  return variableLayer(origin, new YamlNode({}, at).withEntries(entries));
}

// What settings of the role may not be combined.
function readChecks(loading: Loading, directory: string): YamlNode | undefined {
  const [file] = roleFiles(directory, 'meta', 'checks');
  const list = file === undefined ? undefined : loading.yaml(file);
  if (!list || list.value === null) return undefined;
  if (!list.isList()) {
    const message = 'meta/checks.yml must be a list of checks';
    loading.report({ code: 'wrong-type', message, at: list.position });
    return undefined;
  }
  const problems = checkListProblems(list, loading.resources);
  loading.report(...problems);
  return problems.length > 0 ? undefined : list;
}

/**
 * The variables of a role as one request brings it.
 * @param use names what its handlers see, which may differ from one request to the next
 * @param parents roles whose tasks ask for it, the nearest first
 */
export function readRole(
  loading: Loading,
  request: RoleRequest,
  directory: string,
  askedAt: Position,
  use: string,
  parents: readonly Role[],
): Role {
  const { name, at, from, parameters, vars } = request;
  const files = (part: 'defaults' | 'vars') => filesOf(loading, directory, part, from[part], at);
  return {
    name,
    directory,
    parents,
    askedAt,
    use,
    dynamic: request.dynamic,
    defaults: layer(loading, files('defaults'), `defaults of role ${name}`, directory),
    vars: layer(loading, files('vars'), `vars of role ${name}`, directory),
    entryVars: variableLayer(`vars of the entry of role ${name}`, vars),
    parameters: variableLayer(`parameters of role ${name}`, parameters),
    checks: loading.once(loading, ['checks', directory].join('\0'), () => readChecks(loading, directory)),
  };
}

/** The YAML lists of a role's tasks or handlers. */
export function roleLists(
  loading: Loading,
  request: RoleRequest,
  directory: string,
  part: 'tasks' | 'handlers',
): readonly { readonly file: string; readonly list: YamlNode }[] {
  return filesOf(loading, directory, part, request.from[part], request.at).flatMap((file) => {
    const list = loading.yaml(file);
    return list ? [{ file, list }] : [];
  });
}
