import { mkdirSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

/**
 * Lets V8 keep what it made of our code, for the next start. Code from there is run, so nobody else may write there:
 * the directory is the user's own or there is none. Everything goes on without it.
 */
export function keepCode({ XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): void {
  const caches = XDG_CACHE_HOME?.startsWith('/') ? XDG_CACHE_HOME : HOME?.startsWith('/') && `${HOME}/.cache`;
  if (!caches) return;
  const directory = `${caches}/provision`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(directory);
    if (uid === process.getuid?.() && (mode & 0o022) === 0) enableCompileCache(directory);
  } catch {
    // A home that is not there or cannot be written to.
  }
}
