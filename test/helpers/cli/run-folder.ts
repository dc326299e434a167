import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfOlder } from './built-command.ts';

const name = 'TEST_CODE_CACHE';

/** What the command, and npm, need in their environment to keep compiled code for the next one. */
export function codeCache(): NodeJS.ProcessEnv {
  return { XDG_CACHE_HOME: process.env[name], NODE_COMPILE_CACHE: process.env[name] };
}

/**
 * Set-up of all unit tests: the command is built, and there is a folder in which they make their temporary files, and one for that code, both gone when
 * the last test has ended. What a test left in the first one is an error.
 */
export default function setup(): () => void {
  // Tests that a test runs, in a copy of the project, need no command.
  if (process.env[name] === undefined) buildIfOlder();
  const folder = mkdtempSync(join(tmpdir(), 'unit-'));
  const files = join(folder, 'tmp');
  const before = process.env.TMPDIR;
  mkdirSync(files);
  // Some tests have users with fewer rights, too.
  chmodSync(folder, 0o755);
  chmodSync(files, 0o1777);
  process.env[name] = join(folder, 'code');
  process.env.TMPDIR = files;
  // What tests run is nothing that this user did.
  process.env.PROVISION_RECORDS = 'off';
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    const left = readdirSync(files);
    rmSync(folder, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`the tests left ${left.length} temporary files: ${left.join(', ')}`);
  };
}
