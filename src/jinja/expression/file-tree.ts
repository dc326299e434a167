import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';

/** What a lookup of file trees says of one thing below a directory. */
interface TreeEntry {
  readonly root: string;
  readonly path: string;
  readonly state: 'directory' | 'file' | 'link';
  readonly src?: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly owner: string | number;
  readonly group: string | number;
  readonly size: number;
  readonly mtime: number;
  readonly ctime: number;
}

/** Everything below directories of the control node, each path once: of the first directory that has it; links are not followed. */
export function fileTree(directories: readonly string[]): readonly TreeEntry[] {
  const names = { owner: namesIn('/etc/passwd'), group: namesIn('/etc/group') };
  const found = new Map<string, TreeEntry>();
  for (const root of directories) {
    for (const path of below(root, '')) {
      const entry = found.has(path) ? undefined : entryOf(root, path, names);
      if (entry) found.set(path, entry);
    }
  }
  return [...found.values()];
}

// Those of a directory before those in the directories below it.
function below(root: string, folder: string): readonly string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  const paths = entries.map(({ name }) => join(folder, name));
  const deeper = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  return [...paths, ...deeper.flatMap((one) => below(root, one))];
}

type Names = ReadonlyMap<number, string>;

function entryOf(
  root: string,
  path: string,
  { owner, group }: { readonly owner: Names; readonly group: Names },
): TreeEntry | undefined {
  const whole = join(root, path);
  const stat = lstatSync(whole);
  const kind = kindOf(stat, whole);
  if (!kind) return undefined;
  const { uid, gid, size } = stat;
  return {
    ...{ root, path, ...kind, uid, gid, size },
    mode: `0${(stat.mode & 0o7777).toString(8).padStart(3, '0')}`,
    owner: owner.get(uid) ?? uid,
    group: group.get(gid) ?? gid,
    mtime: stat.mtimeMs / 1000,
    ctime: stat.ctimeMs / 1000,
  };
}

function kindOf(stat: Stats, whole: string): Pick<TreeEntry, 'state' | 'src'> | undefined {
  if (stat.isSymbolicLink()) return { state: 'link', src: readlinkSync(whole) };
  if (stat.isDirectory()) return { state: 'directory' };
  return stat.isFile() ? { state: 'file', src: whole } : undefined;
}

function namesIn(file: string): Names {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return new Map(lines.map((line) => [Number(line.split(':')[2] ?? -1), line.split(':')[0] ?? '']));
  } catch {
    return new Map();
  }
}
