import { quote } from './quote.ts';

/** One framed part of a program: its output and exit code are told apart from its neighbours'. */
export interface Section {
  /** Unique in its program; letters, digits, `.`, `-` and `_`. */
  readonly id: string;
  /** A POSIX sh snippet; runs in a subshell with stdin at /dev/null. */
  readonly script: string;
  /** End the program when this section exits non-zero: set for steps, not for probes. */
  readonly stopOnFailure: boolean;
}

/** What frames a program. */
export interface ProgramOptions {
  /** Unguessable per run: output cannot imitate a frame. */
  readonly nonce: string;
  /** Shell functions and variables that the sections use. */
  readonly prelude?: string;
  /** What the shell shall run at its own end, after the programs that come behind this one; it sees no prelude. */
  readonly atEnd?: string;
}

// stdout and stderr are framed alike: each carries its own marks.
const mark = `provision_mark() {
  printf '\\n%s %s\\n' "$provision_nonce" "$*"
  printf '\\n%s %s\\n' "$provision_nonce" "$*" >&2
}`;

/** The line that ends a program's output, on stdout and on stderr. */
export function endMarker(nonce: string): string {
  return `\n${nonce} done\n`;
}

/**
 * Joins sections into one program for `sh -s`, which may get others behind it: it leaves nothing in the shell.
 * All of it stands in one compound command: a program cut short by a lost connection runs nothing.
 */
export function buildProgram(sections: readonly Section[], options: ProgramOptions): string {
  const lines = ['{', `provision_nonce=${quote(options.nonce)}`, mark, '('];
  if (options.prelude) lines.push(options.prelude);
  lines.push('while :; do');
  for (const { id, script, stopOnFailure } of sections) {
    lines.push(`provision_mark begin ${id}`, '(', script, ') </dev/null', 'provision_code=$?');
    lines.push(`provision_mark end ${id} "$provision_code"`);
    if (stopOnFailure) lines.push('[ "$provision_code" = 0 ] || break');
  }
  lines.push('break', 'done', 'exit 0', ')', 'provision_code=$?');
  // A program that was killed must not be taken for one that has nothing more to say.
  lines.push('[ "$provision_code" = 0 ] || provision_mark died "$provision_code"');
  if (options.atEnd !== undefined)
    lines.push('provision_at_end() {', options.atEnd, '}', 'trap provision_at_end EXIT');
  lines.push('provision_mark done', '}', '');
  return lines.join('\n');
}
