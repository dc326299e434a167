import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../src/', import.meta.url));

/** One import of a file in src: of another one, or of a package. */
export interface SourceImport {
  /** Below src/. */
  readonly from: string;
  /** Below src/; undefined for a package. */
  readonly to: string | undefined;
  /** Undefined for what comes with Node, and for files. */
  readonly library: string | undefined;
  readonly typeOnly: boolean;
}

// Static ones begin a line (the formatter sees to it); dynamic ones and types by `import()` may stand anywhere.
const imports =
  /^(?:import|export)(?: (?:type )?(?:\{[^}]*\}|\* as \w+|\w+)(?:, \{[^}]*\})? from)? '([^'\n]+)';$|\b(?:typeof )?import\('([^'\n]+)'\)/gm;

/** The text of a file below src/. */
export function sourceText(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** All imports of src. */
export function sourceImports(): readonly SourceImport[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .toSorted()
    .flatMap((from) => importsOf(from, sourceText(from)));
}

/** The imports in the text of one file. */
export function importsOf(from: string, text: string): readonly SourceImport[] {
  return [...text.matchAll(imports)].map(([whole, one, other]) => {
    const name = one ?? other ?? '';
    const typeOnly = /^(?:import|export) type |^typeof /.test(whole);
    if (name.startsWith('.')) {
      const to = relative(root, resolve(dirname(join(root, from)), name));
      return { from, to, library: undefined, typeOnly };
    }
    const library = name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0];
    return { from, to: undefined, library: name.startsWith('node:') ? undefined : library, typeOnly };
  });
}

/** Files that import each other in a ring, first found; undefined when there is none. */
export function ringOf(all: readonly SourceImport[]): readonly string[] | undefined {
  const next = new Map<string, string[]>();
  for (const { from, to } of all) if (to !== undefined) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const search = (file: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const one of next.get(file) ?? []) {
      const ring = search(one, [...way, file]);
      if (ring) return ring;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const ring = search(file, []);
    if (ring) return ring;
  }
  return undefined;
}
