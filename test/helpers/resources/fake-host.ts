import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ShellHost } from './shell-host.ts';

/**
 * A machine on which some commands are replaced by sh scripts: for what a test must not really do here.
 * Each fake appends its name and arguments to a log, one quoted word after another, and may keep files in $FAKE.
 */
export class FakeHost extends ShellHost {
  readonly #directory: string;

  /** @param fakes sh code of each command; `$FAKE` is a directory of their own */
  constructor(directory: string, fakes: Readonly<Record<string, string>>) {
    const bin = `${directory}/bin`;
    mkdirSync(bin);
    for (const [name, code] of Object.entries(fakes)) {
      const log = `{ printf '${name}'; for word in "$@"; do printf ' [%s]' "$word"; done; echo; } >>"$FAKE/log"`;
      writeFileSync(`${bin}/${name}`, `#!/bin/sh\n${log}\n${code}\n`);
      chmodSync(`${bin}/${name}`, 0o755);
    }
    super(['sh', '-s'], { PATH: `${bin}:/usr/bin:/bin`, FAKE: directory });
    this.#directory = directory;
  }

  /** The commands run since the last call, each as `name [word] [word]`. */
  calls(): readonly string[] {
    const path = `${this.#directory}/log`;
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
    writeFileSync(path, '');
    return lines;
  }

  /** What a fake was sent or is to answer, by file name. */
  write(name: string, text: string): void {
    writeFileSync(`${this.#directory}/${name}`, text);
  }

  read(name: string): string {
    return readFileSync(`${this.#directory}/${name}`, 'utf8');
  }
}
