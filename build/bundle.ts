import { dirname, join, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { lateBuiltins } from './late-builtins.ts';
import { lateModules } from './late-modules.ts';
import { lighterSsh2 } from './lighter-ssh2.ts';
import { nativeParts } from './native-parts.ts';
import { runtimeParts } from './runtime-parts.ts';
import { sourceLocation } from './source-location.ts';

// Loaded when something in them is first called: most runs never do.
const late = [
  'src/language/source/schema/schema-compiler.ts',
  'src/domains/tls-logs/resources/files/renewal-note.ts',
  'src/domains/containers/compose/service-edit.ts',
];

/** Writes src and the libraries it uses as a few files with source maps; gives the paths of all modules in them. */
export async function bundle(root: string, output: string): Promise<readonly string[]> {
  const chunks = join(root, 'dist/cli');
  const build = await rolldown({
    cwd: root,
    input: {
      main: 'src/cli/main.ts',
      'command-line': 'src/cli/command-line.ts',
      ...Object.fromEntries(late.map((file) => [nameOf(file), file])),
    },
    platform: 'node',
    treeshake: { manualPureFunctions: ['Schema', 'defineScalarTag'] },
    plugins: [
      lateModules(root, late),
      runtimeParts(root),
      lateBuiltins(),
      nativeParts(),
      lighterSsh2(),
      sourceLocation(root, chunks),
    ],
  });
  const { output: files } = await build.write({
    dir: output,
    format: 'cjs',
    dynamicImportInCjs: false,
    exports: 'named',
    sourcemap: true,
    // As seen from the package, wherever the bundle is written now.
    sourcemapPathTransform: (source, map) => relative(chunks, resolve(dirname(map), source)),
    entryFileNames: 'cli/[name].js',
    chunkFileNames: 'cli/[name].js',
    codeSplitting: {
      groups: [
        { name: 'commands', test: /src\/cli\/command-line\.ts$/ },
        // What every command needs that reads a playbook.
        { name: 'playbook', test: /src\/(?:cli\/validate-command|domains\/[^/]+\/domain)\.ts$/ },
      ],
    },
  });
  return files.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
}

function nameOf(file: string): string {
  return file.replace(/^.*\/(.*)\.ts$/, '$1');
}
