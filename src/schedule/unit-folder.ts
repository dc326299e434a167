import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { playbookOf, type UnitFile } from './unit-files.ts';

/** A unit file as it lies there. */
export interface FoundUnit {
  readonly text: string;
  /** Everybody may read it, only its owner write it, and it is no link. */
  readonly sound: boolean;
}

// What systemd itself gives unit files; they hold no secrets.
const mode = 0o644;

/** The unit file of that name; undefined when there is none. */
export async function findUnit(folder: string, name: string): Promise<FoundUnit | undefined> {
  const path = join(folder, name);
  try {
    const stat = await lstat(path);
    const text = await readFile(path, 'utf8');
    return { text, sound: stat.isFile() && (stat.mode & 0o777) === mode };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a unit file beside its place and renames it, so that systemd never reads half of it. */
export async function writeUnit(folder: string, { name, text }: UnitFile): Promise<void> {
  await mkdir(folder, { recursive: true });
  const beside = join(folder, `.${name}.${process.pid}`);
  try {
    const file = await open(beside, 'w', mode);
    try {
      await file.writeFile(text);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, join(folder, name));
  } finally {
    await rm(beside, { force: true });
  }
}

/** Names of the schedules whose timers we made in that folder, and their playbooks. */
export async function ourSchedules(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.filter((one) => one.endsWith('.timer')).sort()) {
    const unit = await findUnit(folder, name);
    const playbook = unit && playbookOf(unit.text);
    if (playbook !== undefined) found.set(name.slice(0, -'.timer'.length), playbook);
  }
  return found;
}
