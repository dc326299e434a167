import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { writeLicences } from './licences.ts';
import { plainText } from './plain-text.ts';
import { writeShippedTrees } from './shipped-trees.ts';
import { stamp } from './stamp.ts';

const root = join(import.meta.dirname, '..');
// Tests build elsewhere: the result is the same, and fits only into a package's dist.
const output = process.argv[2] ?? join(root, 'dist');

rmSync(output, { recursive: true, force: true });
const modules = await bundle(root, output);
writeLicences(root, modules, join(output, 'THIRD-PARTY.txt'));
plainText(join(output, 'cli'));
writeShippedTrees(root, join(output, 'cli/shipped-trees.json'));
stamp(join(output, 'cli'));
// The bundle is CommonJS: what it takes from Node it gets by require, which costs a fraction of an import.
writeFileSync(join(output, 'package.json'), '{ "type": "commonjs" }\n');
chmodSync(join(output, 'cli/main.js'), 0o755);
