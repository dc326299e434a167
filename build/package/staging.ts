import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What package.json says of the tool. */
export interface PackageFacts {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

/** Reads package.json of a checkout. */
export function packageFacts(root: string): PackageFacts {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

// Only these are read where it is installed: the bundle holds the libraries, and nothing is built there.
const kept = ['name', 'version', 'description', 'license', 'type', 'bin', 'files', 'engines'];

/** Copies parts of a checkout into a package's folder, with the few words of package.json that count there. */
export function stage(root: string, folder: string, parts: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
  const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const lean = Object.fromEntries(kept.map((key) => [key, facts[key]]));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(lean, null, 2)}\n`);
  chmodSync(join(folder, 'dist/cli/main.js'), 0o755);
}
