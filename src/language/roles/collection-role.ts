import { readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathKind } from '../source/loading/loading.ts';
import { parseYaml } from '../source/yaml/yaml.ts';

function parents(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...parents(parent)];
}

// A checkout of a collection says in galaxy.yml which one it is, wherever it lies.
function isCollection(directory: string, namespace: string, name: string): boolean {
  const file = join(directory, 'galaxy.yml');
  if (pathKind(file) !== 'file') return false;
  const root = parseYaml(file, readFileSync(file, 'utf8')).root;
  return root?.get('namespace')?.value === namespace && root.get('name')?.value === name;
}

/**
 * Where the role `namespace.collection.role` lies: in a folder of collections, or in the collection of which what asks is a part.
 * @param isRole whether a directory is one
 */
export function collectionRole(
  whole: string,
  playbookDirectory: string,
  asking: string | undefined,
  isRole: (directory: string) => boolean,
): string | undefined {
  const [, namespace, collection, role] = /^(\w+)\.(\w+)\.(\w+)$/.exec(whole) ?? [];
  if (namespace === undefined || collection === undefined || role === undefined) return undefined;
  const folders = [
    join(playbookDirectory, 'collections'),
    join(dirname(playbookDirectory), 'collections'),
    join(homedir(), '.ansible/collections'),
    '/usr/share/ansible/collections',
  ].map((folder) => join(folder, 'ansible_collections'));
  const around = [asking, playbookDirectory].flatMap((place) =>
    place === undefined ? [] : [...parents(place), ...parents(realpathSync(place))],
  );
  const installed = [...folders, ...around.filter((place) => basename(place) === 'ansible_collections')].map(
    (folder) => join(folder, namespace, collection),
  );
  const checkouts = [...new Set(around)].filter((place) => isCollection(place, namespace, collection));
  return [...installed, ...checkouts].map((place) => join(place, 'roles', role)).find(isRole);
}
