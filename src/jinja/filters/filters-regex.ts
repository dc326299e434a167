import { pythonPattern } from '../../python/python-pattern.ts';
import { TemplateError } from '../values/template-error.ts';
import { itemsOf, textOf } from '../values/value.ts';
import { type FilterTable, filter, numberArgument } from './filters-definition.ts';

interface RegexOptions {
  readonly multiline?: unknown;
  readonly ignorecase?: unknown;
  readonly global?: boolean;
}

/** A Python regular expression as JavaScript's. Throws TemplateError when it is not one. */
export function regex(pattern: unknown, options: RegexOptions = {}): RegExp {
  const text = textOf(pattern);
  const flags = { ignorecase: options.ignorecase === true, multiline: options.multiline === true };
  try {
    return pythonPattern(text, flags, options.global ? 'g' : '');
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*?: /, '') : String(error);
    throw new TemplateError(`the regular expression '${text}' cannot be used: ${reason}`);
  }
}

// Python's \1, \g<1> and \g<name> in a replacement.
function expand(replacement: string, match: RegExpExecArray | RegExpMatchArray): string {
  return replacement.replaceAll(/\\(?:g<(\w+)>|(\d{1,2})|([\s\S]))/g, (all, named, digits, other) => {
    const group: string | undefined = named ?? digits;
    if (group !== undefined)
      return (/^\d+$/.test(group) ? match[Number(group)] : match.groups?.[group]) ?? '';
    if (other === 'n') return '\n';
    if (other === 't') return '\t';
    return other === '\\' ? '\\' : all;
  });
}

function replace(text: string, pattern: RegExp, replacement: string, most: number): string {
  let result = '';
  let from = 0;
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    if (most > 0 && done >= most) break;
    result += text.slice(from, match.index) + expand(replacement, match);
    from = match.index + match[0].length;
    done += 1;
  }
  return result + text.slice(from);
}

function search(text: string, pattern: RegExp, groups: readonly unknown[]): unknown {
  const match = pattern.exec(text);
  if (!match) return null;
  if (groups.length === 0) return match[0];
  const found = groups.map((group) => {
    const [, name, digits] = /^\\(?:g<(\w+)>|(\d+))$/.exec(textOf(group)) ?? [];
    const wanted = name ?? digits;
    if (wanted === undefined) {
      throw new TemplateError(`'${textOf(group)}' names no group`, undefined, {
        hint: "write '\\\\1' or '\\\\g<name>'",
      });
    }
    return (/^\d+$/.test(wanted) ? match[Number(wanted)] : match.groups?.[wanted]) ?? '';
  });
  return found;
}

/** Filters with regular expressions. */
export const regexFilters: FilterTable = {
  regex_replace: filter(
    ['pattern?', 'replacement?', 'ignorecase?', 'multiline?', 'count?', 'mandatory_count?'],
    (value, [pattern = '', replacement = '', ignorecase, multiline, count, mandatory]) => {
      const compiled = regex(pattern, { ignorecase, multiline, global: true });
      const found = [...textOf(value).matchAll(compiled)].length;
      if (numberArgument(mandatory, 0) > found) {
        throw new TemplateError(
          `'${textOf(pattern)}' must match ${textOf(mandatory)} times and matches ${found} times`,
        );
      }
      return replace(textOf(value), compiled, textOf(replacement), numberArgument(count, 0));
    },
  ),
  regex_search: filter(['pattern', '*groups', '**flags'], (value, [pattern, groups, flags]) => {
    const named = flags as Map<string, unknown>;
    const options = { ignorecase: named.get('ignorecase'), multiline: named.get('multiline') };
    return search(textOf(value), regex(pattern, options), itemsOf(groups));
  }),
  regex_findall: filter(['regex', 'multiline?', 'ignorecase?'], (value, [pattern, multiline, ignorecase]) =>
    [...textOf(value).matchAll(regex(pattern, { multiline, ignorecase, global: true }))].map((match) => {
      const groups = match.slice(1).map((group) => group ?? '');
      return groups.length === 0 ? match[0] : groups.length === 1 ? groups[0] : groups;
    }),
  ),
  regex_escape: filter(['re_type?'], (value) =>
    textOf(value).replaceAll(/[\\^$.|?*+()[\]{}#&~\s-]/g, '\\$&'),
  ),
};
