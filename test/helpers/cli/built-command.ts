import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** The command as people get it. Built, it starts in a fifth of the time that its sources take. */
export const main = join(root, 'dist/cli/main.js');

const goesIn = ['src', 'build', 'roles', 'playbooks', 'package.json', 'package-lock.json'];

/** Builds the command, unless it is newer than all that goes into it. */
export function buildIfOlder(): void {
  const built = changed(main);
  if (goesIn.every((path) => newest(join(root, path)) < built)) return;
  execFileSync(process.execPath, [join(root, 'build/build.ts')], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function changed(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

// Of a folder also when a file was taken out of it.
function newest(path: string): number {
  if (!statSync(path).isDirectory()) return changed(path);
  const below = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(changed(path), ...below.map((name) => changed(join(path, name))));
}
