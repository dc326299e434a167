import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { newResource } from './new-resource.ts';

const [kind, name, ...more] = process.argv.slice(2);
const root = join(import.meta.dirname, '../..');
try {
  if (kind !== 'resource' || name === undefined || more.length > 0)
    throw new Error('usage: npm run new resource NAME');
  const { made, changed } = newResource(root, name);
  const run = (command: string, ...words: readonly string[]) =>
    execFileSync(join(root, 'node_modules/.bin', command), words, { cwd: root, stdio: 'pipe' });
  // The order of imports, and the reference.
  run('biome', 'check', '--write', ...[...made, ...changed].filter((file) => file.endsWith('.ts')));
  run('vitest', 'run', '--project', 'unit', '--update=all', 'test/unit/resources/reference.test.ts');
  const list = (files: readonly string[]) => files.map((file) => `  ${file}\n`).join('');
  process.stdout.write(`made:
${list(made)}changed:
${list([...changed, 'docs/resources.md'])}next:
  grep -rn 'FILL IN' src test CHANGELOG.md    every place that waits for you; CONTRIBUTING.md says what to decide
  npm run golden    writes docs/resources.md anew when the schema has changed
  npx vitest run --project unit test/unit/resources
  npm run check
`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
