import { parseEvents, YAMLException } from 'js-yaml';
import type { Problem } from '../../../errors/problem.ts';
import { braces } from '../../../jinja/values/template-marks.ts';
import { Vault } from '../vault/vault.ts';
import { LineIndex } from './line-index.ts';
import { shippedTree } from './shipped-trees.ts';
import { treeOf } from './written-tree.ts';
import { NodeBuilder } from './yaml-builder.ts';
import { YamlNode } from './yaml-node.ts';
import { openedBracket, openedQuote, syntaxProblem, unquotedTemplate } from './yaml-syntax.ts';

/** A file's YAML: `root` is missing when the syntax is too broken to go on. */
export interface YamlFile {
  readonly root: YamlNode | undefined;
  readonly problems: readonly Problem[];
}

const unquoted = new RegExp(
  String.raw`^(\s*(?:- +)*(?:[^\s#:{}[\]"'][^:{}[\]"']*:\s+|- +))(${braces}.*?)\s*$`,
);

/** A line `key: {{ name }}/more`, which no parser can read: reported, then read as the text that was meant. */
function quoteTemplate(lines: LineIndex, offset: number): { problem: Problem; text: string } | undefined {
  const { line } = lines.position(offset);
  const match = unquoted.exec(lines.line(line));
  const [, before, value] = match ?? [];
  if (before === undefined || value === undefined) return undefined;
  const start = lines.lineStart(line) + before.length;
  const end = start + value.length;
  const problem = unquotedTemplate(lines, start, end);
  // Digits of the same length keep all positions; braces, if there is room, so that it still counts as a template.
  const digits = '1'.repeat(value.length);
  const quoted = value.length > 6 ? `"{{${digits.slice(6)}}}"` : digits;
  return { problem, text: lines.text.slice(0, start) + quoted + lines.text.slice(end) };
}

// A line that only closes brackets may stand as far left as what opened them, for libyaml as for people.
function indentedClose(lines: LineIndex, offset: number): string | undefined {
  const { line } = lines.position(offset);
  const text = lines.line(line);
  const opened = openedBracket(lines, lines.lineStart(line));
  if (!opened || !/^ *[\]}][\]},\s]*(?:#.*)?$/.test(text)) return undefined;
  const above = lines.line(lines.position(opened.offset).line);
  const wanted = (/^[ -]*/.exec(above)?.[0].length ?? 0) + 1;
  const lacking = wanted - (text.length - text.trimStart().length);
  if (lacking <= 0) return undefined;
  const start = lines.lineStart(line);
  return `${lines.text.slice(0, start)}${' '.repeat(lacking)}${lines.text.slice(start)}`;
}

// Lines of a quoted text may stand as far left as they like for libyaml; blanks before them are no part of it.
function indentedQuoted(lines: LineIndex, offset: number): string | undefined {
  const { line } = lines.position(offset);
  const text = lines.line(line);
  const opened = openedQuote(lines, line - 1);
  const start = lines.lineStart(line);
  if (!opened || text.trim() === '' || /^(---|\.\.\.)(\s|$)/.test(text)) return undefined;
  // Where more follows than the end of the value, it is rather the next text's mark that is met.
  const rest = lines.text.slice(start);
  const closing = (opened.mark === '"' ? /^(?:\\.|[^"\\])*"/s : /^(?:''|[^'])*'(?!')/).exec(rest)?.[0].length;
  if (closing === undefined || !/^[ \t]*(?:[,\]}].*|#.*)?(?:\n|$)/.test(rest.slice(closing)))
    return undefined;
  const above = lines.line(lines.position(opened.offset).line);
  const wanted = (/^[ -]*/.exec(above)?.[0].length ?? 0) + 1;
  const lacking = wanted - (text.length - text.trimStart().length);
  return lacking > 0 ? `${lines.text.slice(0, start)}${' '.repeat(lacking)}${rest}` : undefined;
}

/**
 * Reads YAML text with the position of everything in it; never throws for what the text contains.
 * @param vault opens what is encrypted in it
 */
export function parseYaml(file: string, text: string, vault = new Vault([], () => {})): YamlFile {
  const shipped = shippedTree(text);
  if (shipped) return { root: treeOf(shipped, file), problems: [] };
  const problems: Problem[] = [];
  let lines = new LineIndex(file, text.replace(/^\uFEFF/, ''));
  for (;;) {
    try {
      const builder = new NodeBuilder(lines, parseEvents(lines.text, {}), vault);
      const [root, second] = builder.documents();
      if (builder.oddBlanks.length > 0) return { root: undefined, problems: builder.oddBlanks };
      problems.push(...builder.problems);
      if (second) {
        const message = 'the file holds more than one YAML document';
        problems.push({
          code: 'several-documents',
          message,
          at: second.position,
          hint: 'remove the --- line',
        });
      }
      return { root: root ?? new YamlNode(null, lines.position(0)), problems };
    } catch (error) {
      if (!(error instanceof YAMLException) || !error.mark) throw error;
      const indented =
        indentedClose(lines, error.mark.position) ??
        (error.reason === 'deficient indentation' ? indentedQuoted(lines, error.mark.position) : undefined);
      if (indented !== undefined) {
        lines = new LineIndex(file, indented);
        continue;
      }
      const repaired = quoteTemplate(lines, error.mark.position);
      if (!repaired) {
        problems.push(syntaxProblem(lines, error.mark.position, error.reason));
        return { root: undefined, problems };
      }
      problems.push(repaired.problem);
      lines = new LineIndex(file, repaired.text);
    }
  }
}
