import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { formatPercent } from '../values/format.ts';
import { TemplateError } from '../values/template-error.ts';
import { center, splitText, stripCharacters, titleCase } from '../values/text.ts';
import { isMapping, itemsOf, textOf } from '../values/value.ts';
import { type FilterTable, filter, numberArgument, textArgument } from './filters-definition.ts';

const flag = (value: unknown): boolean => value === true;

function indent(text: string, width: unknown, first: unknown, blank: unknown): string {
  const margin = typeof width === 'string' ? width : ' '.repeat(numberArgument(width, 4));
  return text
    .split('\n')
    .map((line, index) => ((index === 0 ? flag(first) : line !== '' || flag(blank)) ? margin + line : line))
    .join('\n');
}

const commentStyles: Readonly<Record<string, { begin?: string; line: string; end?: string }>> = {
  plain: { line: '# ' },
  erlang: { line: '% ' },
  c: { line: '// ' },
  cblock: { begin: '/*', line: ' * ', end: ' */' },
  xml: { begin: '<!--', line: ' - ', end: '-->' },
};

function comment(
  text: string,
  style: string,
  decoration: unknown,
  prefix: unknown,
  postfix: unknown,
): string {
  const known = commentStyles[style];
  if (!known) {
    const hint = `use one of: ${Object.keys(commentStyles).join(', ')}`;
    throw new TemplateError(`there is no comment style '${style}'`, undefined, { hint });
  }
  const mark = textArgument(decoration, known.line);
  const around = style === 'plain' || style === 'erlang' || style === 'c' ? [mark.trimEnd()] : [];
  const before = prefix === undefined ? around : [textOf(prefix)];
  const after = postfix === undefined ? around : [textOf(postfix)];
  const lines = text.split('\n').map((line) => (mark + line).trimEnd());
  const all = [known.begin, ...before, ...lines, ...after, known.end];
  return all.filter((line) => line !== undefined && (line !== '' || style !== 'plain')).join('\n');
}

function truncate(text: string, length: number, kill: boolean, end: string, leeway: number): string {
  if (text.length <= length + leeway) return text;
  const cut = text.slice(0, Math.max(0, length - end.length));
  const space = cut.lastIndexOf(' ');
  return (kill || space < 0 ? cut : cut.slice(0, space)) + end;
}

function wordWrap(text: string, width: number, mark: string): string {
  const wrapLine = (line: string): string => {
    const rows: string[] = [];
    let row = '';
    for (const word of line.split(' ')) {
      if (row !== '' && row.length + 1 + word.length > width) {
        rows.push(row);
        row = word;
      } else row = row === '' ? word : `${row} ${word}`;
    }
    return [...rows, row].join(mark);
  };
  return text.split('\n').map(wrapLine).join('\n');
}

function urlPart(text: string, part: unknown): unknown {
  const match =
    /^(?:([a-zA-Z][\w+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d+))?)?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(
      text,
    );
  const [, scheme = '', login = '', host = '', port, path = '', query = '', fragment = ''] = match ?? [];
  const [username, password] = login.split(':');
  const netloc = `${login === '' ? '' : `${login}@`}${host}${port === undefined ? '' : `:${port}`}`;
  const parts: Readonly<Record<string, unknown>> = {
    scheme,
    netloc,
    hostname: host.replace(/^\[|\]$/g, '').toLowerCase(),
    port: port === undefined ? null : Number(port),
    path,
    query,
    fragment,
    username: username || null,
    password: password ?? null,
  };
  if (part === undefined || part === '') return parts;
  const name = textOf(part);
  if (Object.hasOwn(parts, name)) return parts[name];
  throw new TemplateError(`a URL has no part '${name}'`, undefined, {
    hint: `use one of: ${Object.keys(parts).join(', ')}`,
  });
}

function splitExtension(path: string): [string, string] {
  const extension = posix.extname(path);
  return [extension === '' ? path : path.slice(0, -extension.length), extension];
}

const html: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (mark) => html[mark] ?? mark);

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function urlEncode(value: unknown): string {
  if (!isMapping(value)) return encode(textOf(value)).replaceAll('%2F', '/');
  return Object.entries(value)
    .map(([key, item]) => `${encode(key)}=${encode(textOf(item))}`)
    .join('&')
    .replaceAll('%20', '+');
}

const uuidNamespace = Buffer.from('361e6d51faec444a9079341386da8e2e', 'hex');

/** Filters on text and paths. */
export const textFilters: FilterTable = {
  upper: filter([], (value) => textOf(value).toUpperCase()),
  lower: filter([], (value) => textOf(value).toLowerCase()),
  capitalize: filter(
    [],
    (value) => textOf(value).slice(0, 1).toUpperCase() + textOf(value).slice(1).toLowerCase(),
  ),
  title: filter([], (value) => titleCase(textOf(value))),
  trim: filter(['chars?'], (value, [characters]) => stripCharacters(textOf(value), characters, 'both')),
  split: filter(['delimiter?', 'maxsplit?'], (value, [mark, most]) => splitText(textOf(value), mark, most)),
  replace: filter(['old', 'new', 'count?'], (value, [old, next, most]) => {
    const parts = textOf(value).split(textOf(old));
    const limit = numberArgument(most, parts.length);
    return [parts.slice(0, limit + 1).join(textOf(next)), ...parts.slice(limit + 1)].join(textOf(old));
  }),
  center: filter(['width?'], (value, [width]) => center(textOf(value), numberArgument(width, 80))),
  indent: filter(['width?', 'first?', 'blank?', 'indentfirst?'], (value, [width, first, blank, old]) =>
    indent(textOf(value), width, first ?? old, blank),
  ),
  comment: filter(['style?', 'decoration?', 'prefix?', 'postfix?'], (value, [style, mark, prefix, postfix]) =>
    comment(textOf(value), textArgument(style, 'plain'), mark, prefix, postfix),
  ),
  truncate: filter(['length?', 'killwords?', 'end?', 'leeway?'], (value, [length, kill, end, leeway]) =>
    truncate(
      textOf(value),
      numberArgument(length, 255),
      flag(kill),
      textArgument(end, '...'),
      numberArgument(leeway, 5),
    ),
  ),
  wordwrap: filter(['width?', 'break_long_words?', 'wrapstring?'], (value, [width, , mark]) =>
    wordWrap(textOf(value), numberArgument(width, 79), textArgument(mark, '\n')),
  ),
  wordcount: filter([], (value) => splitText(textOf(value), undefined, undefined).length),
  format: filter(['*values', '**named'], (value, [values, named]) => {
    const given = named as Map<string, unknown>;
    return formatPercent(textOf(value), given.size > 0 ? Object.fromEntries(given) : values);
  }),
  quote: filter([], (value) => {
    const text = value === null ? '' : textOf(value);
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
  }),
  escape: filter([], (value) => escapeHtml(textOf(value))),
  e: filter([], (value) => escapeHtml(textOf(value))),
  forceescape: filter([], (value) => escapeHtml(textOf(value))),
  safe: filter([], (value) => value),
  striptags: filter([], (value) =>
    textOf(value)
      .replaceAll(/<!--[\s\S]*?-->|<[^>]*>/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  ),
  urlencode: filter([], urlEncode),
  urldecode: filter([], (value) => decodeURIComponent(textOf(value).replaceAll('+', ' '))),
  urlsplit: filter(['query?'], (value, [part]) => urlPart(textOf(value), part)),
  basename: filter([], (value) => textOf(value).slice(textOf(value).lastIndexOf('/') + 1)),
  dirname: filter([], (value) => {
    const text = textOf(value);
    return text.includes('/') ? text.slice(0, text.lastIndexOf('/')).replace(/\/+$/, '') || '/' : '';
  }),
  splitext: filter([], (value) => splitExtension(textOf(value))),
  path_join: filter([], (value) => posix.join(...afterLastAbsolute(itemsOf(value).map(textOf)))),
  normpath: filter([], (value) => posix.normalize(textOf(value)).replace(/(.)\/$/, '$1')),
  relpath: filter(['start'], (value, [start]) => posix.relative(textOf(start), textOf(value)) || '.'),
  to_uuid: filter([], (value) => {
    const bytes = createHash('sha1').update(uuidNamespace).update(textOf(value)).digest().subarray(0, 16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }),
};

function afterLastAbsolute(parts: readonly string[]): readonly string[] {
  const last = parts.findLastIndex((part) => part.startsWith('/'));
  return last < 0 ? parts : parts.slice(last);
}
