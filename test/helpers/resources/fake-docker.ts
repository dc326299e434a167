import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShellHost } from './shell-host.ts';
import { hostWith } from './stand-ins.ts';

/** A host whose docker answers what a test says of its things, and notes what else it is asked to do. */
export class FakeDocker {
  readonly host: ShellHost;
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    const docker = `case $2 in
inspect) case $3 in --format) [ "$1" = container ] && cat "$FAKE/shown" 2>/dev/null; exit 0 ;; esac
if [ -f "$FAKE/$1.$3" ]; then cat "$FAKE/$1.$3"; else echo "[]"; cat "$FAKE/down" >&2 2>/dev/null || echo "Error response from daemon: $1 $3 not found" >&2; exit 1; fi ;;
*) printf '%s' "\${DOCKER_HOST:+@$DOCKER_HOST }" >>"$FAKE/ran"; printf '[%s]' "$@" >>"$FAKE/ran"; echo >>"$FAKE/ran"
case "$*" in *'--env-file /dev/stdin'*) sed 's/^/< /' >>"$FAKE/ran" ;; esac ;;
esac`;
    this.host = hostWith(join(directory, 'bin'), { docker }, { FAKE: directory });
  }

  /** What `docker KIND inspect NAME` says. */
  knows(kind: string, name: string, value: object): void {
    writeFileSync(join(this.#directory, `${kind}.${name}`), JSON.stringify([value]));
  }

  /** Its engine does not answer. */
  fails(message: string): void {
    writeFileSync(join(this.#directory, 'down'), `${message}\n`);
  }

  /** What a container is in the end, as `--format` prints it. */
  shows(value: object): void {
    writeFileSync(join(this.#directory, 'shown'), `${JSON.stringify(value)}\n`);
  }

  /** Its other commands, each word in brackets; what is sent to one on a line with < before it. */
  get ran(): readonly string[] {
    const file = join(this.#directory, 'ran');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }
}
