import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ShellHost } from './shell-host.ts';

/**
 * This machine, with stand-ins for programs that it may lack or that would alter it.
 * @param directory where they are put
 * @param programs their names, and their code in sh
 */
export function hostWith(
  directory: string,
  programs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): ShellHost {
  mkdirSync(directory, { recursive: true });
  for (const [name, code] of Object.entries(programs)) {
    const file = join(directory, name);
    writeFileSync(file, `#!/bin/sh\n${code}\n`);
    chmodSync(file, 0o755);
  }
  return new ShellHost(['sh', '-s'], { ...environment, PATH: `${directory}:${process.env.PATH}` });
}
