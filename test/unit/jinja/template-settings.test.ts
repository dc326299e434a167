import { expect, test } from 'vitest';
import { renderFile } from '../../../src/jinja/template/template.ts';
import type { TemplateSettings } from '../../../src/jinja/template/template-settings.ts';
import { TemplateError } from '../../../src/jinja/values/template-error.ts';
import { environment } from '../../helpers/jinja/environment.ts';

const loop = '{% for i in l %}\n    {% if i == 1 %}\none\n    {% endif %}\n{% endfor %}\nend\n';

// What Jinja2 3.1 gives with these settings of its environment.
test.each<[string, string, Partial<TemplateSettings>, string]>([
  ['as ever', loop, {}, '    one\n        end\n'],
  [
    'the line at the head',
    `#jinja2: trim_blocks: False, lstrip_blocks: True\n${loop}`,
    {},
    '\n\none\n\n\n\n\nend\n',
  ],
  ['arguments of the task', loop, { trim_blocks: false, lstrip_blocks: true }, '\n\none\n\n\n\n\nend\n'],
  ['the line wins', `#jinja2:trim_blocks:True\n${loop}`, { trim_blocks: false }, '    one\n        end\n'],
  [
    'other marks',
    "#jinja2:variable_start_string:'[%', variable_end_string:'%]'\n[% l %] {{ x }}\n",
    {},
    '[1, 2] {{ x }}\n',
  ],
  [
    'other statements',
    '<% if l %>a<% endif %>{% x %}',
    { block_start_string: '<%', block_end_string: '%>' },
    'a{% x %}',
  ],
  [
    'signs',
    '#jinja2: lstrip_blocks: True\n  {# c #}\n x {% if 1 %}a{% endif %}\n  {%+ if 1 %}b\n  {% endif %}\n  {% raw %}  {{ }}  \n  {% endraw %}\n',
    {},
    ' x a  b\n  {{ }}  \n',
  ],
  ['line ends', '#jinja2: newline_sequence: "\\r\\n"\na\nb\n', {}, 'a\r\nb\r\n'],
  ['no line end', '#jinja2: keep_trailing_newline: False\na\n', {}, 'a'],
  ['nothing else', '#jinja2: trim_blocks: False', {}, ''],
])('%s', (_what, text, given, expected) => {
  expect(renderFile(text, environment({ l: [1, 2] }), given)).toBe(expected);
});

test.each([
  ['#jinja2: trim: True\n', /'trim' is no setting of a template/],
  ['#jinja2: trim_blocks: maybe\n', /trim_blocks cannot be maybe/],
  ['#jinja2: nothing\n', /'nothing' is no setting/],
])('%s', (text, message) => {
  expect(() => renderFile(text, environment())).toThrow(TemplateError);
  expect(() => renderFile(text, environment())).toThrow(message);
});
