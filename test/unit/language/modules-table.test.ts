import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unsupportedModules } from '../../../src/language/keywords/unsupported-modules.ts';

const page = new URL('../../../docs/differences-from-ansible.md', import.meta.url);

test('docs/differences-from-ansible.md lists all modules that are not there', async () => {
  const text = readFileSync(page, 'utf8');
  const byHint = Map.groupBy([...unsupportedModules], ([, hint]) => hint);
  const rows = [...byHint].map(
    ([hint, modules]) => `| ${modules.map(([name]) => `\`${name}\``).join(', ')} | ${hint} |`,
  );
  const table = ['| module | instead |', '|---|---|', ...rows].join('\n');
  const marked = /(<!-- written by a test from src\/language\/keywords[^\n]*\n)[\s\S]*?(<!-- end -->)/;
  expect(text).toMatch(marked);
  await expect(
    text.replace(marked, (_all, before, after) => `${before}${table}\n${after}`),
  ).toMatchFileSnapshot(page.pathname);
});
