import { basename, join } from 'node:path';
import type { Plugin } from 'rolldown';

const runtime = join(import.meta.dirname, 'runtime');

/** Parts that the bundle has other than the sources: lighter ones, and those that only a bundle needs. */
export function runtimeParts(root: string): Plugin {
  const replaced = ['src/cli/command-line-module.ts', 'src/language/source/yaml/shipped-trees.ts'];
  const paths = new Set(replaced.map((path) => join(root, path)));
  return {
    name: 'runtime-parts',
    async resolveId(source, importer, options) {
      if (source === 'typebox') return join(runtime, 'typebox-builders.ts');
      if (!replaced.some((path) => basename(path) === basename(source))) return null;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found && paths.has(found.id) ? join(runtime, basename(found.id)) : null;
    },
  };
}
