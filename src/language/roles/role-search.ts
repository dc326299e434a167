import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathKind } from '../source/loading/loading.ts';
import { collectionRole } from './collection-role.ts';

/** Where the roles lie that come with provision: the same from src/language and from dist/language. */
export const shippedRoles = fileURLToPath(new URL('../../../roles', import.meta.url));

const parts = ['tasks', 'handlers', 'defaults', 'vars', 'meta', 'templates', 'files'];

function isRole(directory: string): boolean {
  if (pathKind(directory) !== 'directory') return false;
  return parts.some((part) => pathKind(join(directory, part)) === 'directory');
}

/**
 * Directories in which roles are looked for, best first: beside the playbook, in the project, those of the setting
 * `roles_path`, where ansible-galaxy puts them, those shipped.
 */
export function roleDirectories(
  playbookDirectory: string,
  rolesPath: readonly string[] = [],
): readonly string[] {
  const project = dirname(playbookDirectory);
  const installed = [join(homedir(), '.ansible/roles'), '/usr/share/ansible/roles', '/etc/ansible/roles'];
  const own = [join(playbookDirectory, 'roles'), join(project, 'roles')];
  return [
    ...new Set([
      ...own,
      ...rolesPath,
      ...installed.filter((one) => pathKind(one) === 'directory'),
      shippedRoles,
    ]),
  ];
}

/**
 * Where a role lies; a name with a slash is a path from the playbook or from a folder of roles, one with two dots a role of a collection.
 * @param asking the directory of the role that asks for it: those beside it are found too
 */
export function roleDirectory(
  name: string,
  playbookDirectory: string,
  asking: string | undefined,
  rolesPath: readonly string[],
): string | undefined {
  const beside = asking === undefined ? [] : [dirname(asking)];
  const named = name.includes('/') ? [resolve(playbookDirectory, name)] : [];
  // Last the playbook's own folder, as with Ansible.
  const folders = [...roleDirectories(playbookDirectory, rolesPath), ...beside, playbookDirectory];
  const places = [...named, ...folders.map((directory) => join(directory, name))];
  return places.find(isRole) ?? collectionRole(name, playbookDirectory, asking, isRole);
}

/** Names of all roles that can be found. */
export function knownRoles(playbookDirectory: string, rolesPath: readonly string[]): readonly string[] {
  const names = roleDirectories(playbookDirectory, rolesPath)
    .filter((directory) => pathKind(directory) === 'directory')
    .flatMap((directory) => readdirSync(directory).filter((name) => isRole(join(directory, name))));
  return [...new Set(names)].sort();
}

/** A role's file such as `tasks/main.yml`; `main` may also be a directory of files, which are all returned. */
export function roleFiles(directory: string, part: string, name: string): readonly string[] {
  const base = join(directory, part, name);
  const file = [base, `${base}.yml`, `${base}.yaml`, `${base}.json`].find(
    (path) => pathKind(path) === 'file',
  );
  if (file) return [file];
  if (pathKind(base) !== 'directory') return [];
  return readdirSync(base)
    .filter((entry) => /\.(ya?ml|json)$/.test(entry))
    .sort()
    .map((entry) => join(base, entry));
}
