import { relative } from 'node:path';
import type { Plugin } from 'rolldown';

/**
 * `import.meta.url` keeps meaning the source file: what is found from there (package.json, roles/, playbooks/) is
 * found from a bundle that lies elsewhere in the package.
 * @param chunks the directory of the bundle's files
 */
export function sourceLocation(root: string, chunks: string): Plugin {
  return {
    name: 'source-location',
    transform(code, id) {
      if (!id.startsWith(`${root}/src/`)) return null;
      if (/import\.meta\.(?!url\b)/.test(code))
        throw new Error(`${id}: of import.meta only url is known to the bundle`);
      if (!code.includes('import.meta.url')) return null;
      const place = `new URL('${relative(chunks, id)}', import.meta.url).href`;
      return { code: code.replaceAll('import.meta.url', place), map: null };
    },
  };
}
