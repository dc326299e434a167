import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files that were made and files that were changed, from the root of the repository. */
interface Written {
  readonly made: readonly string[];
  readonly changed: readonly string[];
}

const registry = 'src/resources/registry.ts';
const refused = 'src/language/keywords/unsupported-modules.ts';
const changelog = 'CHANGELOG.md';

/**
 * Makes a resource that works and keeps all checks and tests, with `FILL IN` wherever the new one differs: its source, its
 * test, its case of the contract suite, its place in the registry, a line of the changelog. Throws when there is such a name.
 */
export function newResource(root: string, name: string): Written {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))
    throw new Error(`'${name}' cannot be the name of a resource: write it as in get_url`);
  const kebab = name.replaceAll('_', '-');
  const camel = name.replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase());
  const made = {
    'resource.ts.txt': `src/resources/${kebab}.ts`,
    'test.ts.txt': `test/unit/resources/${kebab}.test.ts`,
    'contract.ts.txt': `test/unit/resources/contract/${kebab}.ts`,
  };
  for (const file of Object.values(made))
    if (existsSync(join(root, file))) throw new Error(`${file} is there already`);
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const registered = withEntry(read(registry), camel, kebab);
  const entry = new RegExp(`^  \\[\\s*'${name}',(?:.*\\],|\\n(?:    .*\\n)*  \\],)\\n`, 'm');
  const allowed = read(refused).replace(entry, '');
  const changed = withLine(read(changelog), `- Resource \`${name}\`: FILL IN.`);

  for (const [template, file] of Object.entries(made)) {
    const text = readFileSync(join(import.meta.dirname, 'templates', template), 'utf8');
    writeFileSync(
      join(root, file),
      text.replaceAll('@NAME@', name).replaceAll('@FILE@', kebab).replaceAll('@IT@', camel),
    );
  }
  writeFileSync(join(root, registry), registered);
  writeFileSync(join(root, refused), allowed);
  writeFileSync(join(root, changelog), changed);
  return { made: Object.values(made), changed: [registry, refused, changelog] };
}

// In the order of the list, which is that of the alphabet.
function withEntry(text: string, camel: string, kebab: string): string {
  const [, before, list = '', after] =
    /^([\s\S]*AnyResource\[\] = \[\n)([\s\S]*?)(^\];[\s\S]*)$/m.exec(text) ?? [];
  if (before === undefined) throw new Error(`${registry} has no list of resources`);
  const entries = [...list.split('\n').filter(Boolean), `  ${camel},`].toSorted();
  return `import { ${camel} } from './${kebab}.ts';\n${before}${entries.join('\n')}\n${after}`;
}

// Below `Added` of what is not released yet, at the end.
function withLine(text: string, line: string): string {
  // Behind a release nothing stands there yet.
  const ready = text.replace(/^## \[Unreleased\]\n\n(?=## )/m, '## [Unreleased]\n\n### Added\n\n');
  const [, before, after] =
    /^([\s\S]*?## \[Unreleased\]\n\n### Added\n(?:.+\n)*)([\s\S]*)$/.exec(ready) ?? [];
  if (before === undefined) throw new Error(`${changelog} has no '### Added' below '## [Unreleased]'`);
  return `${before}${line}\n${after}`;
}
