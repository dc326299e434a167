import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Playbook } from '../language/model.ts';
import { allTasks } from '../language/task-walk.ts';
import { FleetError } from './fleet-error.ts';
import type { FleetKey } from './sealing.ts';

/** A file of a bundle: where it is on the machine that handed it over, and the name of its content. */
export interface BundledFile {
  readonly path: string;
  readonly mode: number;
  readonly id: string;
}

/** What is not part of a playbook: what runs keep, and what others keep there. */
const leftOut = new Set(['.git', '.provision', 'node_modules']);
const mostBytes = 256 * 1024 * 1024;

// In OpenSSH's form it is nothing else; in others it may be a certificate's key, which a play needs: ssh keeps the public half beside its own.
function isSshKey(path: string, content: Buffer): boolean {
  if (content.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) return true;
  return content.includes('PRIVATE KEY-----') && existsSync(`${path}.pub`);
}

/** The files that a worker needs for a playbook: its folder, its roles, its inventories, and whatever else was read for it. */
export class Bundle {
  readonly files: readonly BundledFile[];
  readonly contents: ReadonlyMap<string, Buffer>;

  private constructor(files: readonly BundledFile[], contents: ReadonlyMap<string, Buffer>) {
    this.files = files;
    this.contents = contents;
  }

  /** Collects the files; throws FleetError when they are too many bytes. Private keys of ssh stay where they are. */
  static of(
    playbook: Playbook,
    {
      shipped,
      more,
      key,
    }: { readonly shipped: readonly string[]; readonly more: readonly string[]; readonly key: FleetKey },
  ): Bundle {
    const roots = new Set([
      playbook.directory,
      ...more,
      ...playbook.sources.keys(),
      ...playbook.words.inventories.filter((one) => !one.includes(',')),
      ...roleDirectories(playbook),
    ]);
    const named = sshKeyFiles(playbook);
    const files = new Map<string, BundledFile>();
    const contents = new Map<string, Buffer>();
    let bytes = 0;
    for (const root of roots) {
      for (const path of filesBelow(resolve(root))) {
        if (files.has(path) || shipped.some((folder) => path.startsWith(folder + sep))) continue;
        const content = readFileSync(path);
        if (named.has(path) || isSshKey(path, content)) continue;
        bytes += content.length;
        if (bytes > mostBytes)
          throw new FleetError(
            `the folder of the playbook has more than ${mostBytes / 1024 / 1024} MiB, which would all go to the workers`,
            'move what no play needs out of it',
          );
        const id = key.nameOf(content);
        contents.set(id, content);
        files.set(path, { path, mode: statSync(path).mode & 0o777, id });
      }
    }
    return new Bundle([...files.values()], contents);
  }
}

function roleDirectories(playbook: Playbook): readonly string[] {
  return playbook.plays.flatMap((play) => [
    ...play.roles.map(({ directory }) => directory),
    ...[...allTasks(play.tasks)].flatMap(({ role }) => (role ? [role.directory] : [])),
  ]);
}

/** The folders in which a playbook's roles were found: a worker has neither this machine's provision.yml nor its home. */
export function roleFolders(playbook: Playbook): readonly string[] {
  return [...new Set(roleDirectories(playbook).map((directory) => dirname(resolve(directory))))];
}

// Those that an inventory or a play names, as far as no template does.
function sshKeyFiles(playbook: Playbook): ReadonlySet<string> {
  const layers = [
    playbook.extraVars,
    ...[...playbook.inventory.hosts.values()].flatMap((host) => host.layers),
    ...playbook.plays.flatMap(({ vars }) => vars),
  ];
  const values = layers.flatMap(({ variables }) => [
    variables.get('ansible_ssh_private_key_file')?.value,
    variables.get('ansible_private_key_file')?.value,
  ]);
  return new Set(
    values.flatMap((one) => (typeof one === 'string' ? [resolve(playbook.directory, one)] : [])),
  );
}

/** Names that occur in a bundle's texts, as templates write them. */
export function wordsIn(contents: Iterable<Buffer>): ReadonlySet<string> {
  const words = new Set<string>();
  for (const content of contents) {
    if (content.includes(0)) continue;
    for (const [word] of content.toString('utf8').matchAll(/[A-Za-z_]\w*/g)) words.add(word);
  }
  return words;
}

/** Puts a bundle below a folder, each file at the path that it had; nobody else can read it. */
export async function unpack(
  folder: string,
  files: readonly BundledFile[],
  contents: ReadonlyMap<string, Buffer>,
): Promise<void> {
  for (const { path, mode, id } of files) {
    const target = join(folder, path);
    if (!target.startsWith(folder + sep)) throw new FleetError(`${path} is no path of a bundle`);
    const content = contents.get(id);
    if (!content)
      throw new FleetError(`the fleet's database has lost the content of ${path}`, 'hand the run over again');
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(target, content, { mode: 0o600 });
    await chmod(target, mode & 0o700);
  }
}

function filesBelow(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return [path];
  if (!found?.isDirectory()) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (leftOut.has(entry.name)) return [];
    const below = join(path, entry.name);
    if (!entry.isSymbolicLink()) return entry.isDirectory() || entry.isFile() ? filesBelow(below) : [];
    // A link inside the folder is followed; what it leads to outside is not the playbook's.
    const target = statSync(below, { throwIfNoEntry: false });
    return target?.isFile() && realpathSync(below).startsWith(realpathSync(path)) ? [below] : [];
  });
}
