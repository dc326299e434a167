import type { Position, Problem } from '../../../errors/problem.ts';
import type { LineIndex } from './line-index.ts';
import { oddBlank, oddBlankAbove } from './odd-blank.ts';

/** A template that stands without quotes, as in `key: {{ name }}`. */
export function unquotedTemplate(lines: LineIndex, start: number, end: number): Problem {
  const text = lines.text.slice(start, end);
  const quoteMark = text.includes('"') ? "'" : '"';
  return {
    code: 'unquoted-template',
    message: 'a template at the beginning of a value must be quoted',
    at: lines.position(start, end),
    why: 'without quotes YAML reads the { as the beginning of a mapping',
    hint: `write ${quoteMark}${text}${quoteMark}`,
  };
}

/** The quotation mark that is open at a line: the nearest one above that its own line does not close. */
export function openedQuote(
  lines: LineIndex,
  line: number,
): { readonly offset: number; readonly mark: string } | undefined {
  for (let number = line; number > Math.max(0, line - 60); number -= 1) {
    const text = lines.line(number);
    for (const match of text.matchAll(/"(?:\\.|[^"\\])*"|'(?:''|[^'])*'(?!')|(?<=^|[:,[{-]\s*)["']/g)) {
      if (match[0].length === 1) return { offset: lines.lineStart(number) + match.index, mark: match[0] };
    }
  }
  return undefined;
}

/** The bracket that is open where a text is cut off. */
export function openedBracket(
  lines: LineIndex,
  end: number,
): { readonly offset: number; readonly mark: string } | undefined {
  const open: { offset: number; mark: string }[] = [];
  const text = lines.text.slice(0, end);
  for (const { 0: found, index } of text.matchAll(
    /"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|(?<=^|\s)#.*|[[\]{}]/gm,
  )) {
    if (found === '[' || found === '{') open.push({ offset: index, mark: found });
    if (found === ']' || found === '}') open.pop();
  }
  return open.at(-1);
}

type Explanation = Omit<Problem, 'code'>;

function tabBefore(lines: LineIndex, offset: number): Explanation | undefined {
  const blanks = /[ \t]*$/.exec(lines.text.slice(0, offset))?.[0] ?? '';
  const tab = blanks.indexOf('\t');
  if (tab < 0) return undefined;
  const at = lines.position(offset - blanks.length + tab);
  return { message: 'a tab stands where YAML wants spaces', at, hint: 'replace the tab by a space' };
}

function unclosedQuote(lines: LineIndex, offset: number): Explanation | undefined {
  const opened = openedQuote(lines, lines.position(offset).line);
  if (!opened) return undefined;
  return {
    message: `a ${opened.mark} is opened here and not closed`,
    at: lines.position(opened.offset, lines.text.length),
    hint: `close it with ${opened.mark} where the text ends`,
  };
}

function unclosedBracket(lines: LineIndex, offset: number): Explanation | undefined {
  const opened = openedBracket(lines, offset);
  if (!opened) return undefined;
  const closing = opened.mark === '[' ? ']' : '}';
  return {
    message: `a ${opened.mark} is opened here and not closed`,
    at: lines.position(opened.offset),
    hint: `close it with ${closing}, or put the text in quotes when the ${opened.mark} belongs to it`,
  };
}

function badEntry(lines: LineIndex, offset: number): Explanation {
  const at = lines.position(offset);
  const line = lines.line(at.line);
  const before = line.slice(0, at.column - 1);
  const here = line.slice(at.column - 1);
  if (/^[@`%]/.test(here)) {
    const message = `a value cannot begin with ${here[0]}`;
    return {
      message,
      at,
      why: `${here[0]} has a meaning of its own in YAML`,
      hint: 'put the value in quotes',
    };
  }
  if (/^:(\s|$)/.test(here) && /:\s/.test(before)) {
    const value = /:\s+(.*)$/.exec(before)?.[1] ?? '';
    const start = lines.lineStart(at.line) + before.length - value.length;
    return {
      message: "a value that contains ': ' must be quoted",
      at: lines.position(start, lines.lineStart(at.line) + line.length),
      why: 'without quotes YAML reads what stands before the colon as a key',
      hint: `write '${(value + here).trimEnd().replaceAll("'", "''")}'${argumentHint(before, value)}`,
    };
  }
  if (/["']\s*$/.test(before) && here !== '') {
    return {
      message: 'text follows the closing quote',
      at,
      hint: 'put the whole value in quotes, not only its beginning',
    };
  }
  if (/[}\]]\s*$/.test(before) && /^[}\]]/.test(here)) {
    return {
      message: `there is one ${here[0]} too many`,
      at,
      hint: 'remove it, or put the value in quotes',
    };
  }
  return misindented(lines, offset);
}

// `- debug: msg: hello`: the colon belongs to an argument that should stand below.
function argumentHint(before: string, value: string): string {
  if (!/^\s*-\s+[\w.]+:\s+[a-z_]+$/.test(before)) return '';
  return `; or, when '${value}' is a key, put it on a line of its own below, further to the right`;
}

function tabIndent(lines: LineIndex, line: number): Explanation | undefined {
  const tab = /^ *\t/.exec(lines.line(line))?.[0].length;
  return tab === undefined ? undefined : indentedWithTab(lines, lines.lineStart(line) + tab - 1);
}

function indentedWithTab(lines: LineIndex, offset: number): Explanation {
  return {
    message: 'a tab is used for indentation',
    at: lines.position(offset),
    hint: 'YAML wants spaces: replace the tab',
  };
}

// Neither an item nor a key: most likely a key that lacks its colon.
function missingColon(text: string, at: Position): Explanation | undefined {
  if (!/^[\w.-]+( |=|$)/.test(text) || /^- |:(\s|$)/.test(text)) return undefined;
  return {
    message: "this line is neither a key nor an item: a ':' is missing",
    at,
    hint: 'write a key as `name: value`, or indent the line further when it goes on with the text above',
  };
}

function misindented(lines: LineIndex, offset: number): Explanation {
  const { line } = lines.position(offset);
  const tabbed = tabIndent(lines, line);
  if (tabbed) return tabbed;
  const text = lines.line(line);
  const indent = text.length - text.trimStart().length;
  const start = lines.lineStart(line) + indent;
  const at = lines.position(start, start + text.trim().length);
  const colon = missingColon(text.trim(), at);
  if (colon) return colon;
  let above = line - 1;
  while (above > 0 && /^\s*(#.*)?$/.test(lines.line(above))) above -= 1;
  const neighbour = lines.line(above);
  const neighbourIndent = neighbour.length - neighbour.trimStart().length;
  const difference =
    above > 0 && neighbourIndent !== indent
      ? `it has ${indent} spaces before it, the line above ${neighbourIndent}`
      : 'it belongs neither to the line above nor beside it';
  return {
    message: 'this line does not fit the indentation of the lines above',
    at,
    why: difference,
    hint: 'keys of one mapping, and items of one list, begin in the same column',
  };
}

const plainReasons: ReadonlyMap<
  RegExp,
  (lines: LineIndex, offset: number, reason: string) => Explanation | undefined
> = new Map([
  [
    /tab characters/,
    (lines: LineIndex, offset: number) => {
      const { line } = lines.position(offset);
      return indentedWithTab(lines, lines.lineStart(line) + Math.max(0, lines.line(line).indexOf('\t')));
    },
  ],
  [
    /unknown escape|hexadecimal/,
    (lines: LineIndex, offset: number) => ({
      message: `\\${lines.text[offset] ?? ''} means nothing between double quotes`,
      at: lines.position(offset - 1, offset + 1),
      hint: 'use single quotes, in which a backslash is just a backslash, or write \\\\',
    }),
  ],
  [/quoted scalar/, unclosedQuote],
  [
    /missed comma/,
    (lines: LineIndex, offset: number) => ({
      message: 'a comma is missing before this',
      at: lines.position(offset),
      why: 'inside [ ] and { } commas separate what belongs together',
      hint: 'add the comma, or put text that holds brackets or colons in quotes',
    }),
  ],
  [/within a flow|flow collection/, unclosedBracket],
  [
    /deficient indentation/,
    (lines, offset) =>
      tabBefore(lines, offset) ?? unclosedQuote(lines, offset) ?? unclosedBracket(lines, offset),
  ],
  [
    /end of the stream or a document|multiline key|expected ':'/,
    (lines: LineIndex, offset: number) => badEntry(lines, offset),
  ],
  [/bad indentation/, badEntry],
  [
    /non-printable/,
    (lines: LineIndex) => {
      const offset = Math.max(
        0,
        lines.text.search(/[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u),
      );
      return {
        message: 'the file contains a character that cannot be printed',
        at: lines.position(offset),
        hint: 'is it a text file, in UTF-8?',
      };
    },
  ],
]);

/** A YAML parser's complaint, explained so that the reader sees what to change. */
export function syntaxProblem(lines: LineIndex, offset: number, reason: string): Problem {
  const blank = oddBlankAbove(lines, offset);
  if (blank !== undefined) return oddBlank(lines, blank);
  for (const [pattern, explain] of plainReasons) {
    const explanation = pattern.test(reason) ? explain(lines, offset, reason) : undefined;
    if (explanation) return { code: 'yaml-syntax', ...explanation };
  }
  return { code: 'yaml-syntax', message: `this is not YAML: ${reason}`, at: lines.position(offset) };
}
