import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathKind } from '../source/loading/loading.ts';

// The same from src/language and from dist/language.
const shipped = fileURLToPath(new URL('../../../roles', import.meta.url));

const parts = ['tasks', 'handlers', 'defaults', 'vars', 'meta', 'templates', 'files'];

function isRole(directory: string): boolean {
  return parts.some((part) => pathKind(join(directory, part)) === 'directory');
}

/** Directories in which roles are looked for, best first: beside the playbook, in the project, those shipped. */
export function roleDirectories(playbookDirectory: string): readonly string[] {
  const project = dirname(playbookDirectory);
  return [...new Set([join(playbookDirectory, 'roles'), join(project, 'roles'), shipped])];
}

/** Where a role lies; a name with a slash is a path from the playbook. */
export function roleDirectory(name: string, playbookDirectory: string): string | undefined {
  const places = name.includes('/')
    ? [resolve(playbookDirectory, name)]
    : roleDirectories(playbookDirectory).map((directory) => join(directory, name));
  return places.find(isRole);
}

/** Names of all roles that can be found. */
export function knownRoles(playbookDirectory: string): readonly string[] {
  const names = roleDirectories(playbookDirectory)
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
