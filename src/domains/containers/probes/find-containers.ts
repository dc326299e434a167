import { quote } from '../../../shell/quote.ts';

/** A service of Docker Compose on a host. */
export interface ServicePlace {
  /** Its project's, by whatever path. */
  readonly directory: string;
  readonly service: string;
}

/**
 * sh function `provision_containers DIRECTORY SERVICE [OPTION...]`: prints the ids of a service's containers, none that somebody ran by
 * hand beside it; fails with what docker said. Scripts of roles have the same one, from `compose_common`.
 */
export const containersFunction = `provision_containers() {
  provision_home=$1 provision_named=$2
  shift 2
  provision_all=$(docker ps --no-trunc "$@" --filter "label=com.docker.compose.service=$provision_named" \\
    --format '{{.ID}} once:{{.Label "com.docker.compose.oneoff"}} {{.Label "com.docker.compose.project.working_dir"}}' 2>&1) ||
    { printf '%s\\n' "$provision_all" >&2; return 1; }
  while read -r provision_id provision_once provision_of; do
    [ "$provision_once" = once:True ] || [ ! "$provision_of" -ef "$provision_home" ] || printf '%s\\n' "$provision_id"
  done <<provision_end
$provision_all
provision_end
}`;

/** sh code that puts the ids of a service's containers into $provision_ids, and fails with what docker said in it. */
export function findContainers({ directory, service }: ServicePlace): string {
  return `${containersFunction}
provision_ids=$(provision_containers ${quote(directory)} ${quote(service)} -a 2>&1)`;
}
