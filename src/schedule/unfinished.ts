import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether the last apply did not finish on every host: one was off, failed, or the run was cut off. */
export function isUnfinished(directory: string): boolean {
  return existsSync(join(directory, file));
}

/** Keeps in a state directory that an application has begun, or that it has reached its end. */
export async function keepUnfinished(directory: string, unfinished: boolean): Promise<void> {
  const path = join(directory, file);
  await (unfinished ? writeFile(path, '', { mode: 0o600 }) : rm(path, { force: true }));
}

const file = 'unfinished';
