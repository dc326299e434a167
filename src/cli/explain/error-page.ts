import { readFileSync } from 'node:fs';

/** A code of docs/errors.md with all that stands there about it. */
export interface ErrorPart {
  readonly code: string;
  /** Prose and the worked example, the latter indented. */
  readonly lines: readonly string[];
}

// Written by a test that raises every problem in it; it comes with every package.
const page = new URL('../../../docs/errors.md', import.meta.url);

/** The page of all codes, part by part. */
export function readErrorPage(): readonly ErrorPart[] {
  return errorParts(readFileSync(page, 'utf8'));
}

/** The parts of a page: a heading of the second level is a code. */
function errorParts(text: string): readonly ErrorPart[] {
  return text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [code = '', ...lines] = part
        .replace(/^# [\s\S]*$/m, '')
        .trimEnd()
        .split('\n');
      return { code, lines: withoutFences(lines) };
    });
}

function withoutFences(lines: readonly string[]): readonly string[] {
  let inside = false;
  return lines.flatMap((line) => {
    if (line !== '```') return [inside ? `    ${line}`.trimEnd() : line.replaceAll('`', '')];
    inside = !inside;
    return [''];
  });
}
