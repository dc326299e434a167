import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildPackages } from '../package/packages.ts';
import { packageFacts } from '../package/staging.ts';
import { releaseNotes } from './release-notes.ts';

/** What a release consists of. */
export interface Release {
  readonly version: string;
  /** Names of files in the output. */
  readonly files: readonly string[];
}

/** Makes packages, SHA256SUMS and TAG of a checkout that has been built. Throws ReleaseError when its changelog is not ready. */
export function makeRelease(root: string, output: string, kinds: readonly string[]): Release {
  const { version } = packageFacts(root);
  const notes = releaseNotes(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version);
  mkdirSync(output, { recursive: true });
  // What an earlier build left there belongs to no release.
  for (const name of readdirSync(output)) {
    if (/\.(?:deb|tgz)$|^(?:SHA256SUMS|TAG)$/.test(name)) rmSync(join(output, name));
  }
  const packages = buildPackages(root, output, kinds).map((file) => basename(file));
  const sums = packages.toSorted().map((name) => `${sha256(join(output, name))}  ${name}\n`);
  writeFileSync(join(output, 'SHA256SUMS'), sums.join(''));
  writeFileSync(join(output, 'TAG'), notes);
  return { version, files: [...packages, 'SHA256SUMS', 'TAG'] };
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
