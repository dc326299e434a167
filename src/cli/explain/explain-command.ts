import { nearest } from '../../errors/did-you-mean.ts';
import { wrapWords } from '../../report/fitted-text.ts';
import { writeLines } from '../../report/screen.ts';
import { openTerminal } from '../terminal.ts';
import { readErrorPage } from './error-page.ts';

/** `provision explain CODE`: what a code means, with a worked example; without one, all codes. Returns the exit code. */
export function explain(code: string | undefined, { color }: { readonly color: boolean }): number {
  const { stdout, stderr } = openTerminal(color);
  const parts = readErrorPage();
  if (code === undefined) {
    const width = Math.max(...parts.map((part) => part.code.length));
    const rows = parts.map(({ code: name, lines: [meaning = ''] }) => {
      const [first = '', ...rest] = wrapWords(meaning, stdout.width - width - 2);
      const lead = `${stdout.paint('bold', name.padEnd(width))}  `;
      return [lead + first, ...rest.map((line) => ' '.repeat(width + 2) + line)];
    });
    writeLines(stdout, rows.flat());
    return 0;
  }
  const found = parts.find((part) => part.code === code);
  if (!found) {
    const meant = nearest(
      code,
      parts.map((part) => part.code),
    );
    const hint = meant === undefined ? '`provision explain` lists all codes' : `did you mean '${meant}'?`;
    writeLines(stderr, [`there is no code '${code}'`, `  hint: ${hint}`]);
    return 1;
  }
  writeLines(stdout, [
    stdout.paint('bold', found.code),
    ...found.lines.flatMap((line) => (line.startsWith('    ') ? [line] : wrapWords(line, stdout.width))),
  ]);
  return 0;
}
