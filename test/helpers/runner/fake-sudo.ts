import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { emptyProject, type LocalProject } from './local-run.ts';

/**
 * Gives each test of the file a fresh project whose hosts have a sudo that becomes nobody.
 * @param code sh code for it; $user is who is to be become, "$@" what is to be run
 */
export function projectWithSudo(code: (project: LocalProject) => string): LocalProject {
  const path = process.env.PATH;
  const project = emptyProject();
  beforeEach(() => {
    const sudo = project.write(
      'bin/sudo',
      `#!/bin/sh
while [ "$1" != -- ]; do [ "$1" != -u ] || user=$2; shift; done
shift
${code(project)}
`,
    );
    chmodSync(sudo, 0o755);
    process.env.PATH = `${dirname(sudo)}:${path}`;
  });
  afterEach(() => {
    process.env.PATH = path;
  });
  return project;
}
