import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Does what the tests need of both programs, from files beside it: a service's container is `S.state`, with the sum of its files in `S.hash`.
const program = `#!/bin/sh
here=\${0%/*}
case \${0##*/} in
sleep) exit 0 ;;
docker) [ -e "$here/down" ] && { echo 'Cannot connect to the Docker daemon' >&2; daemon=1; } ;;
esac
case \${0##*/}:$1 in
docker:compose) [ -e "$here/v2" ] || exit 1; shift ;;
docker:version) exit "\${daemon:-0}" ;;
docker:ps)
  [ -z "$daemon" ] || exit 1
  for one; do case $one in label=com.docker.compose.service=*) service=\${one##*=} ;; esac; done
  [ ! -e "$here/$service.state" ] || echo "$service once:False $PWD"
  exit ;;
docker:logs) echo 'cannot bind port' >&2; exit 0 ;;
docker:inspect)
  case $3 in *ExitCode*) echo "$(cat "$here/$4.state") 1 False"; exit ;; esac
  shift 3
  for id; do read -r state <"$here/$id.state"; echo "$id $state $([ -e "$here/v2" ] && echo False || echo) $(cat "$here/$id.hash") 2.26.1"; done
  exit ;;
esac
set -- "$@" --
files=
while :; do case $1 in
  -p | --env-file | --project-directory) shift 2 ;;
  -f) files="$files $2"; shift 2 ;;
  *) break ;;
esac; done
command=$1; shift
while [ "$1" != -- ]; do word=$1; case $1 in -*) flags="$flags $1" ;; esac; shift; done
[ -n "$files" ] || files=$(ls *compose*.y*ml)
sum() { cat $files | sha256sum | cut -d' ' -f1; }
[ ! -e "$here/called" ] || echo "$command$flags $word" >>"$here/called"
case $command in
version) echo 2.26.1 ;;
config)
  if grep -l INVALID $files >/dev/null; then echo "services.$(grep -h INVALID $files | tr -d ' ') is not allowed" >&2; exit 15; fi
  case $flags in *--hash*) echo "$word $(sum)" ;; esac ;;
ps)
  [ -z "$daemon" ] && [ ! -e "$here/down" ] || exit 1
  # Compose 2 shows what has ended only if it is asked for all.
  case $flags in *a*) ;; *) [ ! -e "$here/v2" ] || grep -q running "$here/$word.state" 2>/dev/null || exit 0 ;; esac
  [ ! -e "$here/$word.state" ] || echo "$word" ;;
up)
  if grep -q NOIMAGE $files; then echo 'pull access denied' >&2; exit 1; fi
  sum >"$here/$word.hash"
  if grep -q DIES $files; then echo 'exited' >"$here/$word.state"; else echo running >"$here/$word.state"; fi ;;
esac
`;

/** A folder of programs that stand in for Docker and Compose, whichever of the two this host has. */
export class StandInDocker {
  readonly folder: string;

  /** @param names the programs there are: `docker`, `docker-compose` */
  constructor(folder: string, names: readonly string[] = ['docker'], pluginIsThere = true) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    for (const name of [...names, 'sleep']) {
      writeFileSync(join(folder, name), program);
      chmodSync(join(folder, name), 0o755);
    }
    if (pluginIsThere) this.set('v2', '');
  }

  /** What a host has in its environment whose programs lie in a folder. */
  static environmentOf(folder: string): Record<string, string> {
    return { PATH: `${folder}:/usr/bin:/bin` };
  }

  get environment(): Record<string, string> {
    return StandInDocker.environmentOf(this.folder);
  }

  set(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** How often Compose was asked for something since a file `called` is there. */
  called(word: string): number {
    const lines = readFileSync(join(this.folder, 'called'), 'utf8').split('\n');
    return lines.filter((line) => line.startsWith(`${word} `)).length;
  }
}
