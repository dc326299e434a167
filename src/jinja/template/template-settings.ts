import { TemplateError } from '../values/template-error.ts';
import { isMapping } from '../values/value.ts';

/** How a template file is cut and written, as a line `#jinja2:` at its head or arguments of its task say. */
export interface TemplateSettings {
  readonly trim_blocks: boolean;
  readonly lstrip_blocks: boolean;
  readonly keep_trailing_newline: boolean;
  readonly newline_sequence: string;
  readonly variable_start_string: string;
  readonly variable_end_string: string;
  readonly block_start_string: string;
  readonly block_end_string: string;
  readonly comment_start_string: string;
  readonly comment_end_string: string;
}

/** What holds where nothing else is said, as Ansible's module `template` has it. */
export const usualSettings: TemplateSettings = {
  trim_blocks: true,
  lstrip_blocks: false,
  keep_trailing_newline: true,
  newline_sequence: '\n',
  variable_start_string: '{{',
  variable_end_string: '}}',
  block_start_string: '{%',
  block_end_string: '%}',
  comment_start_string: '{#',
  comment_end_string: '#}',
};

const mark = '#jinja2:';

function fault(what: string, end: number, hint?: string): TemplateError {
  return new TemplateError(what, { at: 0, end }, { code: 'template-syntax', hint });
}

function isSetting(name: string): name is keyof TemplateSettings {
  return Object.hasOwn(usualSettings, name);
}

// A literal of Python's: True, False, a text in quotes.
function literal(text: string): unknown {
  if (text === 'True' || text === 'False') return text === 'True';
  const quoted = /^(["'])(.*)\1$/.exec(text)?.[2];
  return quoted?.replaceAll(
    /\\([nrt\\'"])/g,
    (_all, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter,
  );
}

/** The settings among the arguments of a task. */
export function settingsOf(args: unknown): Partial<TemplateSettings> {
  if (!isMapping(args)) return {};
  const given = Object.entries(args).filter(
    ([name, value]) => isSetting(name) && typeof value === typeof usualSettings[name],
  );
  return Object.fromEntries(given);
}

/** Where a template file begins behind its line `#jinja2:`, and how it is to be read. Throws TemplateError. */
export function headed(
  source: string,
  given: Partial<TemplateSettings> = {},
): { readonly settings: TemplateSettings; readonly start: number } {
  const chosen = Object.keys(given).length === 0 ? usualSettings : { ...usualSettings, ...given };
  if (!source.startsWith(mark)) return { settings: chosen, start: 0 };
  const end = source.indexOf('\n') < 0 ? source.length : source.indexOf('\n');
  const line = source.slice(mark.length, end);
  const settings: Record<string, unknown> = { ...chosen };
  for (const pair of line.split(',')) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*:\s*(.*?)\s*$/.exec(pair) ?? [];
    if (!isSetting(name))
      throw fault(
        `'${name || pair.trim()}' is no setting of a template`,
        end,
        `there are ${Object.keys(usualSettings).join(', ')}`,
      );
    const found = literal(value);
    if (typeof found !== typeof usualSettings[name])
      throw fault(`${name} cannot be ${value}`, end, "write True or False, or text in quotes as in '<%'");
    settings[name] = found;
  }
  return { settings: settings as unknown as TemplateSettings, start: Math.min(end + 1, source.length) };
}
