import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Debian's names of the processors that there is a package for. */
export type Architecture = 'amd64' | 'arm64';

/** A Node that can be put beside the bundle. */
export interface NodeRelease {
  readonly version: string;
  /** The program. */
  readonly program: string;
  /** Text of the licences that it comes with. */
  readonly licence: string;
}

const cpus: Readonly<Record<Architecture, string>> = { amd64: 'x64', arm64: 'arm64' };

/** The Node that this checkout is built and tested with, for a processor; npm fetches and verifies it. */
export function nodeRelease(root: string, architecture: Architecture, work: string): NodeRelease {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/node/package.json'), 'utf8'));
  const place = mkdtempSync(join(work, 'node-'));
  const wanted = `node-linux-${cpus[architecture]}@${version}`;
  const packed = execFileSync('npm', ['pack', '--silent', '--prefer-offline', wanted], {
    cwd: place,
    encoding: 'utf8',
  });
  execFileSync('tar', ['-xzf', packed.trim(), 'package/bin/node', 'package/LICENSE'], { cwd: place });
  return {
    version,
    program: join(place, 'package/bin/node'),
    licence: readFileSync(join(place, 'package/LICENSE'), 'utf8'),
  };
}
