import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const name = 'TEST_CODE_CACHE';

/** What a process needs in its environment to keep compiled code for the next one: half of a start from src is compiling. */
export function codeCache(): NodeJS.ProcessEnv {
  return { NODE_COMPILE_CACHE: process.env[name] };
}

/** Set-up of all unit tests: a folder for that code, for as long as they run. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'provision-code-'));
  process.env[name] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
