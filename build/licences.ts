import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the licences of all packages that have modules in the bundle, as their terms want. */
export function writeLicences(root: string, modules: readonly string[], file: string): void {
  const packages = new Set(modules.flatMap((id) => packageOf(root, id) ?? []));
  const texts = [...packages].sort().map((directory) => licenceOf(root, directory));
  const head = 'provision contains code of these packages.';
  writeFileSync(file, [head, ...texts].join(`\n\n${'-'.repeat(80)}\n`));
}

function packageOf(root: string, id: string): string | undefined {
  const [, directory] = /^(?:\0)?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id) ?? [];
  return directory?.startsWith(root) ? directory.slice(root.length + 1) : undefined;
}

function licenceOf(root: string, directory: string): string {
  const path = join(root, directory);
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const text = readdirSync(path).find((entry) => /^licen[cs]e(-mit)?(\.|$)/i.test(entry));
  if (text === undefined && license === undefined) throw new Error(`${name} says no licence`);
  const words = text === undefined ? '' : readFileSync(join(path, text), 'utf8').trim();
  return `${name} ${version}: ${license ?? 'see below'}\n\n${words}`;
}
