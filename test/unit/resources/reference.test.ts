import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resourceReference } from '../../helpers/resources/resource-reference.ts';

const path = new URL('../../../docs/resources.md', import.meta.url);

test('docs/resources.md says what the schemas say (UPDATE_REFERENCE=1 writes it anew)', () => {
  if (process.env.UPDATE_REFERENCE === '1') writeFileSync(path, resourceReference());
  expect(readFileSync(path, 'utf8')).toBe(resourceReference());
});
