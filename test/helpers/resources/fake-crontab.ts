import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A stand-in for the program crontab that keeps crontabs below a directory; who runs it is always root. */
export class FakeCrontab {
  readonly #directory: string;
  readonly #spool: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.#spool = join(directory, 'spool');
    const program = join(directory, 'bin/crontab');
    for (const path of [this.#spool, join(directory, 'bin')]) mkdirSync(path);
    writeFileSync(
      program,
      `#!/bin/sh
user=root
if [ "$1" = -u ]; then user=$2; shift 2; fi
tab='${this.#spool.replaceAll("'", `'\\''`)}'/$user
case $1 in
-l) if [ -f "$tab" ]; then cat -- "$tab"; else echo "no crontab for $user" >&2; exit 1; fi ;;
-) cat >"$tab" ;;
*) cat -- "$1" >"$tab" ;;
esac
`,
    );
    chmodSync(program, 0o755);
  }

  /** What makes a shell find the one below a directory. */
  static environmentOf(directory: string): { PATH: string } {
    return { PATH: `${join(directory, 'bin')}:${process.env.PATH}` };
  }

  get environment(): { PATH: string } {
    return FakeCrontab.environmentOf(this.#directory);
  }

  write(user: string, text: string): void {
    writeFileSync(join(this.#spool, user), text);
  }

  /** Undefined when the user has none. */
  read(user: string): string | undefined {
    const file = join(this.#spool, user);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }
}
