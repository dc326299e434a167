import { statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackages } from './packages.ts';

const root = join(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  options: { output: { type: 'string', default: join(root, 'packages') } },
  allowPositionals: true,
});
for (const file of buildPackages(root, resolve(values.output), positionals)) {
  console.log(`${relative(process.cwd(), file)}  ${(statSync(file).size / 1e6).toFixed(1)} MB`);
}
