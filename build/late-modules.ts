import { basename, join } from 'node:path';
import type { Plugin } from 'rolldown';

const mark = '?late';

/**
 * Makes modules load when one of their functions is first called, and not when they are imported: they become files
 * of their own, and who imports them gets functions of the same names that fetch them.
 */
export function lateModules(root: string, files: readonly string[]): Plugin {
  const late = new Set(files.map((file) => join(root, file)));
  return {
    name: 'late-modules',
    async resolveId(source, importer, options) {
      if (importer?.endsWith(mark)) return { id: source, external: true };
      if (importer === undefined || options.isEntry) return null;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found && late.has(found.id) ? { id: `${found.id}${mark}` } : null;
    },
    async load(id) {
      if (!id.endsWith(mark)) return null;
      const file = id.slice(0, -mark.length);
      const exported = Object.keys(await import(file));
      const chunk = basename(file).replace(/\.ts$/, '.js');
      const code = exported.map(
        (name) => `export const ${name} = (...args) => require('./${chunk}').${name}(...args);`,
      );
      return { moduleType: 'js', code: code.join('\n') };
    },
  };
}
