#!/bin/sh
# shellcheck disable=SC3013 # every sh of Linux knows -ef
# sh function `provision_containers DIRECTORY SERVICE [OPTION...]`: prints the ids of a service's containers, none that somebody ran by hand
# beside it; -a: also of those that have ended. DIRECTORY is the project's, by whatever path. Fails with what docker said.
provision_containers() {
  provision_home=$1 provision_named=$2
  shift 2
  provision_all=$(docker ps --no-trunc "$@" --filter "label=com.docker.compose.service=$provision_named" \
    --format '{{.ID}} once:{{.Label "com.docker.compose.oneoff"}} {{.Label "com.docker.compose.project.working_dir"}}' 2>&1) ||
    { printf '%s\n' "$provision_all" >&2; return 1; }
  while read -r provision_id provision_once provision_of; do
    [ "$provision_once" = once:True ] || [ ! "$provision_of" -ef "$provision_home" ] || printf '%s\n' "$provision_id"
  done <<provision_end
$provision_all
provision_end
}
