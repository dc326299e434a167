import { Answer, printFunction } from '../../../probes/answer.ts';
import type { Ask } from '../../../probes/probe.ts';
import { script } from '../../../probes/script.ts';
import { quote } from '../../../shell/quote.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { containersFunction } from './find-containers.ts';

/** A Compose project on a host. */
export interface ProjectPlace {
  readonly directory: string;
  /** As Compose gets them by `-f`; empty: those that it finds itself. */
  readonly files: readonly string[];
  readonly project: string | undefined;
  readonly envFile: string | undefined;
}

/** One of its files. */
export interface ProjectFile {
  /** The file itself, after links were followed. */
  readonly path: string;
  readonly owner: { readonly uid: number; readonly gid: number; readonly mode: number };
  readonly text: string;
}

/** A container of a service. */
interface ServiceContainer {
  readonly id: string;
  readonly state: string;
  /** Sum of the definition that it was made from. */
  readonly hash: string;
}

/** What is there of a service, or why it cannot be said. */
export type ProjectAnswer =
  | { readonly kind: 'unfit'; readonly fault: string; readonly said: string }
  | {
      readonly kind: 'there';
      readonly directory: string;
      /** Where Compose takes it to lie: beside its first file. */
      readonly home: string;
      /** `docker compose` or `docker-compose`. */
      readonly command: string;
      /** Of docker-compose what stands in a container's labels; empty without one. */
      readonly version: string;
      readonly files: readonly ProjectFile[];
      /** Why Compose itself does not take the files as they are; undefined when it does. */
      readonly invalid: string | undefined;
      /** Sum of the service's definition; undefined when Compose gave none. */
      readonly hash: string | undefined;
      readonly containers: readonly ServiceContainer[];
    };

/** Larger files are not edited. */
const mostBytes = 1024 * 1024;

// docker-compose of the first generation is Python, and takes a second for each question: it is asked as little as can be.
/** sh functions: `provision_compose_command` puts into $provision_compose what this host calls Compose. */
const composeCommand = `provision_compose_command() {
  command -v docker >/dev/null || { provision_fault=docker; return 1; }
  if provision_version=$(docker compose version --short 2>/dev/null); then provision_compose='docker compose'
  elif command -v docker-compose >/dev/null; then provision_version= provision_compose=docker-compose
  else provision_fault=compose; return 1; fi
}`;

/**
 * sh code that puts the ids of a service's containers into $provision_ids, and fails where Compose was asked and does not say. The older
 * Compose is not asked where labels say it; of a project that bears a name of its own it alone knows what belongs to it.
 */
export function projectContainers(
  place: ProjectPlace,
  { compose, home, service }: { readonly compose: string; readonly home: string; readonly service: string },
): string {
  const asked = `provision_ids=$(${compose} ${projectWords(place)} ps -aq ${quote(service)} 2>/dev/null)`;
  if (place.project !== undefined) return asked;
  return `${containersFunction}
provision_ids=
[ "${compose}" != docker-compose ] || provision_ids=$(provision_containers ${home} ${quote(service)} -a 2>/dev/null)
[ -n "$provision_ids" ] || ${asked}`;
}

/** Words of Compose's command line that say which project is meant; for the shell. */
export function projectWords(
  { files, project, envFile }: ProjectPlace,
  every: readonly string[] = files,
): string {
  return [
    ...(project === undefined ? [] : ['-p', project]),
    ...(envFile === undefined ? [] : ['--env-file', envFile]),
    ...every.flatMap((file) => ['-f', file]),
  ]
    .map(quote)
    .join(' ');
}

// The files that Compose would find by itself, in its own order: named by COMPOSE_FILE, else a usual name and its override.
const usualFiles = `provision_files() {
  provision_named=\${COMPOSE_FILE-} provision_between=\${COMPOSE_PATH_SEPARATOR-:}
  if [ -z "$provision_named" ] && [ -r .env ]; then
    while IFS= read -r provision_line || [ -n "$provision_line" ]; do
      provision_line=\${provision_line%"$(printf '\\r')"}
      case $provision_line in
      COMPOSE_FILE=*) provision_named=\${provision_line#*=} ;;
      COMPOSE_PATH_SEPARATOR=*) provision_between=\${provision_line#*=} ;;
      esac
    done <.env
    provision_named=\${provision_named#[\\"\\']} provision_named=\${provision_named%[\\"\\']}
  fi
  if [ -n "$provision_named" ]; then
    IFS=$provision_between; set -f; set -- $provision_named; set +f; unset IFS
    printf '%s\\n' "$@"
    return
  fi
  set --
  for one in compose.yaml compose.yml docker-compose.yml docker-compose.yaml; do
    [ ! -e "$one" ] || set -- "$@" "$one"
  done
  [ "$#" -le 1 ] || { provision_fault="several $*"; return 1; }
  [ "$#" = 1 ] || { provision_fault=none; return 1; }
  provision_first=$1
  set --
  for one in compose.override.yml compose.override.yaml docker-compose.override.yml docker-compose.override.yaml; do
    [ ! -e "$one" ] || set -- "$@" "$one"
  done
  [ "$#" -le 1 ] || { provision_fault="several $*"; return 1; }
  printf '%s\\n' "$provision_first" "$@"
}`;

/** Asks for the files of a project, and for the containers of one of its services. */
export function composeProject(place: ProjectPlace, service: string): Ask<ScriptOutput> {
  const { directory, files } = place;
  const list = files.length > 0 ? `printf '%s\\n' ${files.map(quote).join(' ')}` : 'provision_files';
  return script(`${printFunction}
${composeCommand}
${usualFiles}
provision_unfit() { provision_print fault "$1"; provision_print said "$2"; exit 0; }
cd -- ${quote(directory)} 2>/dev/null || provision_unfit directory ''
provision_compose_command || provision_unfit "$provision_fault" ''
provision_print directory "$PWD"
provision_print command "$provision_compose"
provision_print version "$provision_version"
provision_list=$(${list} || printf '/fault %s' "$provision_fault")
case $provision_list in '/fault '*) provision_unfit "\${provision_list#/fault }" '' ;; esac
provision_count=0
while IFS= read -r provision_file; do
  provision_real=$(readlink -f -- "$provision_file") && [ -f "$provision_real" ] && [ -r "$provision_real" ] ||
    provision_unfit file "$provision_file"
  provision_stat=$(stat -c '%s %u %g %a' -- "$provision_real") || provision_unfit file "$provision_file"
  [ "\${provision_stat%% *}" -le ${mostBytes} ] || provision_unfit size "$provision_file"
  provision_print "path$provision_count" "$provision_real"
  printf 'stat%s %s\\n' "$provision_count" "$provision_stat"
  printf 'text%s %s\\n' "$provision_count" "$(base64 <"$provision_real" | tr -d '\\n')"
  provision_count=$((provision_count + 1))
done <<provision_end
$provision_list
provision_end
set -- ${projectWords(place)}
provision_service=${quote(service)}
if provision_hash=$($provision_compose "$@" config --hash "$provision_service" 2>/dev/null); then
  provision_print hash "\${provision_hash##* }"
else
  provision_print invalid "$($provision_compose "$@" config -q 2>&1 >/dev/null)"
fi
provision_first=\${provision_list%%
*}
case $provision_first in
/*) provision_home=\${provision_first%/*}/ ;;
*/*) provision_home=$PWD/\${provision_first%/*} ;;
*) provision_home=$PWD ;;
esac
printf 'home %s\n' "$provision_home"
if ${projectContainers(place, { compose: '$provision_compose', home: '"$provision_home"', service })}; then
  [ -z "$provision_ids" ] || provision_print containers "$(docker inspect -f '{{.Id}} {{.State.Status}} {{index .Config.Labels "com.docker.compose.oneoff"}} {{index .Config.Labels "com.docker.compose.config-hash"}} {{index .Config.Labels "com.docker.compose.version"}}' $provision_ids 2>/dev/null)"
else
  provision_said=$(docker version -f '{{.Server.Version}}' 2>&1) || provision_unfit daemon "$provision_said"
fi
true`);
}

/** Reads the answer to `composeProject`. */
export function readProject(output: ScriptOutput, { directory }: ProjectPlace): ProjectAnswer {
  const answer = new Answer(output, directory);
  const text = (key: string) => answer.bytes(key)?.toString('utf8');
  const fault = text('fault');
  if (fault !== undefined) return { kind: 'unfit', fault, said: text('said') ?? '' };
  const files: ProjectFile[] = [];
  for (let path = text('path0'); path !== undefined; path = text(`path${files.length}`)) {
    const [, uid = 0, gid = 0, mode = '644'] = answer.need(`stat${files.length}`).split(' ');
    files.push({
      path,
      owner: { uid: Number(uid), gid: Number(gid), mode: Number.parseInt(String(mode), 8) },
      text: text(`text${files.length}`) ?? '',
    });
  }
  const invalid = text('invalid');
  const shown = containersIn(text('containers') ?? '');
  return {
    kind: 'there',
    directory: text('directory') ?? directory,
    home: answer.get('home') ?? directory,
    command: text('command') ?? '',
    version: text('version') || (shown[0]?.version ?? ''),
    files,
    invalid: invalid?.trim() === '' ? undefined : invalid?.trim(),
    hash: text('hash')?.trim(),
    containers: shown.map(({ id, state, hash }) => ({ id, state, hash })),
  };
}

function containersIn(text: string): readonly (ServiceContainer & { readonly version: string })[] {
  const lines = text.split('\n').map((line) => line.trim().split(' '));
  return lines.flatMap(([id = '', state = '', oneOff = '', hash = '', version = '']) =>
    id === '' || oneOff.toLowerCase() === 'true' ? [] : [{ id: id.slice(0, 12), state, hash, version }],
  );
}
