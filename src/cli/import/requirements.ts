import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { requirementNames } from '../../language/requirement-names.ts';

/** A role or collection that a project wants from elsewhere. */
export interface Requirement {
  readonly kind: 'role' | 'collection';
  readonly name: string;
  /** It is where provision looks for it. */
  readonly found: boolean;
}

function rolePlaces(top: string, name: string): readonly string[] {
  return [
    join(top, 'roles', name),
    join(homedir(), '.ansible/roles', name),
    join('/etc/ansible/roles', name),
  ];
}

function collectionPlaces(top: string, name: string): readonly string[] {
  const path = join('ansible_collections', ...name.split('.'));
  return [join(top, 'collections', path), join(homedir(), '.ansible/collections', path)];
}

// Their modules are looked up by name, whatever is installed.
const known = new Set([
  'ansible.posix',
  'community.general',
  'community.crypto',
  'community.docker',
  'community.postgresql',
  'community.mysql',
]);

/** What requirements.yml names, and whether it is there. */
export function readRequirements(top: string, file: string, text: string): readonly Requirement[] {
  return requirementNames(file, text).map(({ kind, name }) => {
    const places = kind === 'role' ? rolePlaces(top, name) : collectionPlaces(top, name);
    return { kind, name, found: known.has(name) || places.some((place) => existsSync(place)) };
  });
}
