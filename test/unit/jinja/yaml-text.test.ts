import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { yamlText } from '../../../src/jinja/filters/yaml-text.ts';
import { evaluateExpression } from '../../../src/jinja/template/template.ts';
import { environment } from '../../helpers/jinja/environment.ts';

// A value, the indent, whether in block style, and what PyYAML writes.
const rows = JSON.parse(readFileSync(join(import.meta.dirname, 'yaml-text.json'), 'utf8')) as readonly [
  unknown,
  number,
  boolean,
  string,
][];

test.each(rows)('%j with indent %i, block style %s', (value, indent, block, expected) => {
  expect(yamlText(value, { indent, width: 80, block })).toBe(expected);
});

// As Ansible's filters give them.
test.each([
  ["{'b': 1, 'a': [1, 2]} | to_yaml", 'a: [1, 2]\nb: 1\n'],
  ["{'b': 1, 'a': [1, 2]} | to_nice_yaml", 'a:\n- 1\n- 2\nb: 1\n'],
  ["{'b': 1, 'a': [[1]]} | to_nice_yaml(sort_keys=false)", 'b: 1\na:\n-   - 1\n'],
  ["{'f': 8.0, 'g': 1.5, 'h': none} | to_yaml", '{f: 8.0, g: 1.5, h: null}\n'],
])('%s', (expression, expected) => {
  expect(evaluateExpression(expression, environment())).toBe(expected);
});
