import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

it('docs/events.md lists every type of event and every field', () => {
  const reference = read('docs/events.md');
  const contracts = read('src/runner/events.ts') + read('src/report/ndjson.ts');
  const types = [...contracts.matchAll(/readonly type: '([\w-]+)'/g)].map(([, type]) => type);
  const fields = [...contracts.matchAll(/readonly (\w+)\??:/g)].map(([, field]) => field);
  expect(types.length).toBeGreaterThan(12);
  for (const word of new Set([...types, ...fields.filter((field) => field !== 'type')])) {
    expect(reference, `${word}`).toMatch(new RegExp(`\`${word}(?:\\[\\]|\\{\\})?\\??\``));
  }
});
