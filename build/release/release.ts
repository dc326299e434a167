// release.ts [--output DIR] [npm|amd64|arm64 ...]: all packages of this version, their checksums and the text of its tag.
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeRelease } from './release-files.ts';
import { ReleaseError } from './release-notes.ts';

const root = join(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  options: { output: { type: 'string', default: join(root, 'packages') } },
  allowPositionals: true,
});
const output = resolve(values.output);
try {
  const { version, files } = makeRelease(root, output, positionals);
  const place = relative(process.cwd(), output) || '.';
  for (const file of files) console.log(join(place, file));
  console.log(`next: git tag -a v${version} --cleanup=whitespace -F ${join(place, 'TAG')}`);
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
