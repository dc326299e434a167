import { posix } from 'node:path';
import { globWord } from '../shell/glob-word.ts';
import { quote } from '../shell/quote.ts';
import type { Ask, ProbeKind } from './probe.ts';
import { probeFailure } from './probe-error.ts';

/** What is looked for. */
interface ExistsQuestion {
  /** A path or a pattern; a dangling link counts as there. */
  readonly pattern: string;
  /** Absolute; where a relative pattern begins. Without it nothing is there, also nothing absolute. */
  readonly directory: string | undefined;
}

const existsKind: ProbeKind<ExistsQuestion, boolean> = {
  name: 'exists',
  most: 500,
  program: (questions) => [...questions.map(existsScript), ':'].join('\n'),
  read(output, questions) {
    const found = new Set(output.stdout.split('\n'));
    return questions.map(
      ({ pattern }, index) => probeFailure(output, `whether ${pattern} exists`) ?? found.has(String(index)),
    );
  },
};

/** Asks whether anything is there that a path or pattern names; costs no process. */
export function exists(pattern: string, directory: string | undefined): Ask<boolean> {
  return { kind: existsKind, question: { pattern, directory }, paths: [reach({ pattern, directory })] };
}

function existsScript({ pattern, directory }: ExistsQuestion, index: number): string {
  // A leading ./ keeps a name like -x from being read as an option.
  const base = posix.isAbsolute(pattern) ? '' : quote(`${directory ?? '.'}/`);
  const loop = `for provision_path in ${base}${globWord(pattern)}; do
  if [ -e "$provision_path" ] || [ -L "$provision_path" ]; then echo ${index}; break; fi
done`;
  if (directory === undefined) return loop;
  return `if [ -d ${quote(directory)} ] && [ -x ${quote(directory)} ]; then ${loop}\nfi`;
}

// What the answer depends on: a pattern may match whatever is below the directory in which it begins.
function reach({ pattern, directory }: ExistsQuestion): string {
  if (!posix.isAbsolute(pattern) && directory === undefined) return '/';
  const path = posix.isAbsolute(pattern) ? pattern : `${directory}/${pattern}`;
  const start = path.search(/[*?[]/);
  return posix.normalize(start < 0 ? path : path.slice(0, path.lastIndexOf('/', start) + 1));
}
