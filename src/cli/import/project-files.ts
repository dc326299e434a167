import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type TaskPlaces, taskPlaces } from '../../language/task-places.ts';

/** A file with tasks in it. */
export interface TaskFile extends TaskPlaces {
  readonly path: string;
}

/** A role, and the files of tasks that a playbook may name in it. */
export interface ProjectRole {
  readonly name: string;
  readonly directory: string;
}

/** What lies below a directory, as far as Ansible would read it. */
export interface ProjectFiles {
  readonly playbooks: readonly string[];
  readonly roles: readonly ProjectRole[];
  /** Playbooks, and files of tasks of roles and beside playbooks. */
  readonly tasks: readonly TaskFile[];
  readonly requirements: readonly string[];
  /** Undefined when there is none. */
  readonly configuration: string | undefined;
}

const skipped = new Set([
  ...['.git', '.github', '.cache', 'node_modules', 'venv', '.venv', 'molecule', 'collections'],
  ...['group_vars', 'host_vars', 'vars', 'defaults', 'meta', 'templates', 'files', 'library', 'tests'],
]);

function below(directory: string): readonly string[] {
  const entries = readdirSync(directory, { withFileTypes: true }).toSorted((one, other) =>
    one.name.localeCompare(other.name, 'en'),
  );
  return entries.flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : below(path);
    return entry.isFile() ? [path] : [];
  });
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/.test(path);
}

// Files of tasks lie in a folder of this name, in a role and beside a playbook.
function holdsTasks(top: string, path: string): boolean {
  return relative(top, dirname(path))
    .split('/')
    .some((part) => part === 'tasks' || part === 'handlers');
}

/** Finds playbooks, roles and the files that say how Ansible runs them. */
export function projectFiles(top: string): ProjectFiles {
  const all = below(top);
  const tasks = all.filter(isYaml).flatMap((path): TaskFile[] => {
    if (basename(path).startsWith('requirements.')) return [];
    const places = taskPlaces(path, readFileSync(path, 'utf8'));
    const wanted = places?.kind === 'playbook' ? !holdsTasks(top, path) : holdsTasks(top, path);
    return places && wanted ? [{ path, ...places }] : [];
  });
  const mains = all.filter(
    (path) => /\/(tasks|meta)\/main\.ya?ml$/.test(path) || /\/tasks\/main$/.test(path),
  );
  const directories = [...new Set(mains.map((path) => dirname(dirname(path))))];
  const roles = directories.filter(
    (directory) => directory !== top && basename(dirname(directory)) === 'roles',
  );
  const configuration = join(top, 'ansible.cfg');
  return {
    playbooks: tasks.filter(({ kind }) => kind === 'playbook').map(({ path }) => path),
    roles: roles.map((directory) => ({ name: basename(directory), directory })),
    tasks,
    requirements: all.filter((path) => /^requirements\.ya?ml$/.test(basename(path))),
    configuration: existsSync(configuration) ? configuration : undefined,
  };
}

const usual = [
  'inventory.yml',
  'inventory.yaml',
  'inventory.ini',
  'inventory',
  'hosts.yml',
  'hosts.yaml',
  'hosts.ini',
  'hosts',
];

/** The inventories that a project has where projects have them; of a directory of environments, each by itself. */
export function usualInventories(top: string): readonly string[] {
  const found = usual.map((name) => join(top, name)).filter((path) => existsSync(path));
  if (found.length > 0) return found.slice(0, 1);
  const environments = join(top, 'inventories');
  if (!existsSync(environments)) return [];
  const inside = readdirSync(environments).map((name) => join(environments, name));
  return inside.filter((path) => statSync(path).isDirectory()).slice(0, 1);
}
