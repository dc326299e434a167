import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a word into main.js that is another for every other text of the bundle's files. */
export function stamp(directory: string): void {
  const hash = createHash('sha256');
  for (const file of readdirSync(directory).sort()) {
    if (file.endsWith('.js')) hash.update(file).update(readFileSync(join(directory, file)));
  }
  const main = join(directory, 'main.js');
  const text = readFileSync(main, 'utf8');
  if (!text.includes('__BUILD__')) throw new Error(`${main} has no place for the stamp`);
  // As long as what it replaces: the source map stays right.
  writeFileSync(main, text.replace('__BUILD__', hash.digest('hex').slice(0, 9)));
}
