import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { pythonPattern } from '../../python/python-pattern.ts';
import { displayPath } from '../source/loading/loading.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';

function words(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(String);
}

/**
 * The files of a directory that `include_vars` reads, in their order; a text says why they cannot be told apart.
 * @param args what may narrow them down: depth, extensions, files_matching, ignore_files, ignore_unknown_extensions
 */
export function chosenFiles(directory: string, args: YamlNode): readonly string[] | string {
  const depth = Number(args.get('depth')?.value ?? 0);
  const given = args.get('extensions')?.value;
  const extensions = given === undefined ? ['yaml', 'yml', 'json'] : words(given);
  const matching = args.get('files_matching')?.value;
  const ignored = words(args.get('ignore_files')?.value).map((one) => pythonPattern(`(?:${one})$`));
  const expression = matching === undefined ? undefined : pythonPattern(String(matching));
  const isWanted = (name: string) =>
    !ignored.some((one) => one.test(basename(name))) && (expression?.test(basename(name)) ?? true);
  const isKnown = (name: string) => extensions.includes(extname(name).slice(1));
  const wanted = filesBelow(directory, depth).filter(isWanted);
  const unknown = wanted.find((name) => !isKnown(name));
  if (unknown !== undefined && args.get('ignore_unknown_extensions')?.value !== true)
    return `${displayPath(unknown)} has none of the extensions ${extensions.join(', ')}`;
  return wanted.filter(isKnown);
}

// Directory by directory, each with its files in order; `depth` counts directories, as with Ansible, and 0 means all.
function filesBelow(directory: string, depth: number): readonly string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8', withFileTypes: true });
  const folders = new Map<string, string[]>([[directory, []]]);
  for (const entry of files) {
    const folder = entry.isDirectory() ? join(entry.parentPath, entry.name) : entry.parentPath;
    const names = folders.get(folder) ?? [];
    folders.set(folder, entry.isFile() ? [...names, entry.name] : names);
  }
  const inOrder = [...folders].sort(([one], [other]) => (one < other ? -1 : 1));
  return inOrder
    .slice(0, depth < 1 ? undefined : depth)
    .flatMap(([folder, names]) => names.sort().map((name) => join(folder, name)));
}
