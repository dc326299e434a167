import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaText } from '../src/cli/schema/schema-command.ts';
import { schemaKinds } from '../src/cli/schema/schema-kinds.ts';
import { domains } from '../src/domains/registry.ts';
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
// For editors: the first line of a file says where its schema is.
mkdirSync(join(output, 'schemas'));
for (const kind of schemaKinds)
  writeFileSync(join(output, `schemas/${kind}.schema.json`), await schemaText(kind, { domains }));
// The bundle is CommonJS: what it takes from Node it gets by require, which costs a fraction of an import.
writeFileSync(join(output, 'package.json'), '{ "type": "commonjs" }\n');
chmodSync(join(output, 'cli/main.js'), 0o755);
