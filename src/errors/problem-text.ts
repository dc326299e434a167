import { styleText } from 'node:util';
import { codeFrame, type FrameOptions } from './code-frame.ts';
import type { Problem } from './problem.ts';

function compare(a: Problem, b: Problem): number {
  if (!a.at || !b.at) return Number(b.at === undefined) - Number(a.at === undefined);
  if (a.at.file !== b.at.file) return a.at.file < b.at.file ? -1 : 1;
  return a.at.line - b.at.line || a.at.column - b.at.column;
}

function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

// The first line is prose; further lines are YAML to copy and keep their form.
function labelled(label: string, text: string, width: number): string[] {
  const [prose = '', ...code] = text.split('\n');
  const lines = [...wrapped(prose, width - label.length), ...code];
  return lines.map((line, index) => `${index === 0 ? label : ' '.repeat(label.length)}${line}`);
}

function formatProblem(problem: Problem, source: string | undefined, options: FrameOptions): string {
  const { at, code, message, why, hint } = problem;
  const paint = (style: 'bold' | 'red' | 'cyan', text: string) =>
    options.colour ? styleText(style, text, { validateStream: false }) : text;
  const place = at ? `${paint('bold', `${at.file}:${at.line}:${at.column}:`)} ` : '';
  const lines = [`${place}${paint('red', message)}`];
  if (at && source !== undefined) lines.push(...codeFrame(source, at, options).map((line) => `  ${line}`));
  if (why) lines.push(...labelled('  why:  ', why, options.width));
  if (hint) lines.push(...labelled('  hint: ', hint, options.width).map((line) => paint('cyan', line)));
  const name = `  code: ${code}`;
  lines.push(options.colour ? styleText('dim', name, { validateStream: false }) : name);
  return lines.join('\n');
}

/**
 * All problems of a stage as text for a person: sorted by place, each once, with code frames, and a count at the end.
 * @param sources texts of the files that problems point into
 */
export function formatProblems(
  problems: readonly Problem[],
  sources: ReadonlyMap<string, string>,
  options: FrameOptions,
): string {
  const texts = new Set(
    [...problems]
      .sort(compare)
      .map((problem) => formatProblem(problem, problem.at && sources.get(problem.at.file), options)),
  );
  const count = texts.size === 1 ? '1 problem' : `${texts.size} problems`;
  const more = '`provision explain CODE` shows more';
  return [...texts, `${count}; nothing was changed; ${more}`].join('\n\n');
}
