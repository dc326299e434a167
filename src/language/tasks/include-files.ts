import { readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fixedParts, isTemplate, withNames } from '../../jinja/values/template-marks.ts';
import { pathKind } from '../source/loading/loading.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import type { Inherited } from './inherited.ts';

/**
 * The template's fixed parts, with `*` for what is only known later; `role_path` and `playbook_dir` are known.
 * @param vars variables of the include itself: texts without templates are known, too
 */
export function globOf(
  name: string,
  rolePath: string | undefined,
  playbookDirectory: string,
  vars?: YamlNode,
): string {
  const literal = (vars?.entries() ?? []).flatMap(([key, { value }]) =>
    typeof value === 'string' && !isTemplate(value) ? [[key, value] as const] : [],
  );
  const known = new Map<string, string | undefined>([
    ...literal,
    ['role_path', rolePath],
    ['playbook_dir', playbookDirectory],
  ]);
  return fixedParts(withNames(name, known)).join('*').replaceAll(/\*+/g, '*');
}

/** Paths that fit a glob, in which only `*` stands for something: any part of one name. */
function matches(directory: string, [part, ...rest]: readonly string[]): readonly string[] {
  if (part === undefined) return pathKind(directory) ? [''] : [];
  const below = (name: string) =>
    matches(join(directory, name), rest).map((path) => (path === '' ? name : `${name}/${path}`));
  if (!part.includes('*')) return below(part);
  if (pathKind(directory) !== 'directory') return [];
  const fixed = part.split('*').map((word) => word.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  // As in a shell, a name that begins with a dot is only meant when the dot is written.
  const name = new RegExp(`^${part.startsWith('*') ? '(?!\\.)' : ''}${fixed.join('.*')}$`, 's');
  return readdirSync(directory)
    .filter((entry) => name.test(entry))
    .flatMap(below);
}

/**
 * Task files that a glob may name: by the name that a task would give, the path.
 * The first directory that has any wins alone: `*.yml` of a role must not read the playbooks beside it as tasks.
 */
export function filesOfGlob(
  glob: string,
  { searchPath }: Pick<Inherited, 'searchPath'>,
  folder = 'tasks',
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const directories = isAbsolute(glob)
    ? ['']
    : searchPath.flatMap((directory) => [join(directory, folder), directory]);
  for (const directory of directories) {
    const names = matches(
      directory || '/',
      glob.split('/').filter((part) => part !== '' && part !== '.'),
    );
    for (const match of [...names].sort()) {
      const path = join(directory || '/', match);
      const name = directory === '' ? path : match;
      const isTasks = /\.(ya?ml|json)$/.test(name) && pathKind(path) === 'file';
      if (isTasks) found.set(name, path);
    }
    if (found.size > 0) break;
  }
  return found;
}
