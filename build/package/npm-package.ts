import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { stage } from './staging.ts';

const parts = ['dist', 'roles', 'playbooks', 'docs', 'README.md', 'LICENSE', 'CHANGELOG.md'];

/** Packs what `npm install` takes: all is built, and no other package is needed. Gives its path. */
export function npmPackage(root: string, output: string, work: string): string {
  const folder = join(work, 'npm');
  stage(root, folder, parts);
  const packed = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', output], {
    cwd: folder,
    encoding: 'utf8',
    // npm would leave its own compiled code in /tmp.
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
  });
  return join(output, packed.trim());
}
