import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest } from '../../errors/did-you-mean.ts';
import { pathKind } from '../source/loading/loading.ts';

const shipped = fileURLToPath(new URL('../../../playbooks', import.meta.url));

function entries(directory: string): readonly string[] {
  return pathKind(directory) === 'directory' ? readdirSync(directory) : [];
}

/** Whether a playbook file is one that comes with provision. */
export function isShipped(file: string): boolean {
  return dirname(file) === shipped;
}

/**
 * The file that `import_playbook` means: the one at the path, else, for a bare name, the one that comes with provision.
 * @param chain files that led here; none of them can be meant, for a playbook cannot import itself
 */
export function importedFile(path: string, name: string, chain: readonly string[]): string {
  if (name !== basename(name) || (pathKind(path) !== undefined && !chain.includes(path))) return path;
  const ours = join(shipped, name);
  return pathKind(ours) === 'file' ? ours : path;
}

/** The playbook that comes with provision which a misspelt name most likely meant, rather than one beside it. */
export function misspeltShipped(path: string, name: string): string | undefined {
  if (name !== basename(name) || pathKind(path) !== undefined) return undefined;
  const beside = entries(dirname(path));
  const near = nearest(name, [...beside, ...entries(shipped)]);
  return near === undefined || near === name || beside.includes(near) ? undefined : near;
}
