import { join } from 'node:path';
import type { Plugin } from 'rolldown';

const runtime = join(import.meta.dirname, 'runtime');

/** Parts that the bundle has other than the sources: lighter ones, and those that only a bundle needs. */
export function runtimeParts(root: string): Plugin {
  const commandLine = join(root, 'src/cli/command-line-module.ts');
  return {
    name: 'runtime-parts',
    async resolveId(source, importer, options) {
      if (source === 'typebox') return join(runtime, 'typebox-builders.ts');
      if (!source.endsWith('/command-line-module.ts')) return null;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found?.id === commandLine ? join(runtime, 'command-line-module.ts') : null;
    },
  };
}
