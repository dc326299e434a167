import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const sources = join(import.meta.dirname, '../../../src');

test('there is one root of all errors that are thrown knowingly', () => {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const extending = files.filter((file) =>
    /\bextends Error\b/.test(readFileSync(join(sources, file), 'utf8')),
  );
  expect(extending).toEqual(['errors/expected-error.ts']);
});
