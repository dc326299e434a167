import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { displayPath, pathKind } from './loading.ts';

/** Where a file was found, or every place in which it was looked for. */
export type FoundFile =
  | { readonly path: string; readonly tried?: undefined }
  | { readonly path: undefined; readonly tried: readonly string[] };

/** The first of the places that exists. */
export function firstExisting(places: readonly string[]): FoundFile {
  const distinct = [...new Set(places)];
  const path = distinct.find((place) => pathKind(place) !== undefined);
  return path === undefined ? { path, tried: distinct.map(displayPath) } : { path };
}

/** A name with the home directory of whoever runs provision in place of `~`. */
export function withHome(name: string): string {
  return name.replace(/^~(?=\/|$)/, homedir());
}

/**
 * Looks for a file that a task names: in the folder (`files`, `templates`, `tasks`, `vars`) of each directory of
 * the task's search path, then in the directory itself.
 */
export function findFile(searchPath: readonly string[], folder: string, name: string): FoundFile {
  const path = withHome(name);
  if (isAbsolute(path)) return firstExisting([path]);
  return firstExisting(
    searchPath.flatMap((directory) => [join(directory, folder, name), join(directory, name)]),
  );
}
