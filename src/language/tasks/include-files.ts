import { globSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pathKind } from '../playbook/loading.ts';
import type { Inherited } from './inherited.ts';

/** The template's fixed parts, with `*` for what is only known later; `role_path` and `playbook_dir` are known. */
export function globOf(name: string, rolePath: string | undefined, playbookDirectory: string): string {
  return name
    .replaceAll(/\{\{\s*role_path\s*\}\}/g, rolePath ?? '*')
    .replaceAll(/\{\{\s*playbook_dir\s*\}\}/g, playbookDirectory)
    .replaceAll(/\{\{.*?\}\}|\{%.*?%\}/gs, '*')
    .replaceAll(/\*+/g, '*');
}

/**
 * Task files that a glob may name: by the name that a task would give, the path.
 * The first directory that has any wins alone: `*.yml` of a role must not read the playbooks beside it as tasks.
 */
export function filesOfGlob(glob: string, inherited: Inherited): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const directories = isAbsolute(glob)
    ? ['']
    : inherited.searchPath.flatMap((directory) => [join(directory, 'tasks'), directory]);
  for (const directory of directories) {
    const names = directory === '' ? globSync(glob) : globSync(glob, { cwd: directory });
    for (const name of names.sort()) {
      const path = directory === '' ? name : join(directory, name);
      const isTasks = /\.(ya?ml|json)$/.test(name) && pathKind(path) === 'file';
      if (isTasks) found.set(name, path);
    }
    if (found.size > 0) break;
  }
  return found;
}
