#!/bin/sh
# traefik.sh WHAT DIRECTORY SERVICE SECONDS, behind containers.sh of the role compose_common
# Frees port 80 for a moment by stopping the containers of a service of Docker Compose, and starts exactly those again. Which they are is
# written down first, on the disk: a start after a crash or a reboot finds it. WHAT is
#   stop    stops what runs
#   start   starts what was stopped, prints how long port 80 was closed; nothing when nothing is stopped
what=$1 directory=$2 service=$3 seconds=$4
kept=/var/lib/provision/port-80
stopped=$kept/$service.stopped
now() { date +%s.%N; }

running() { provision_containers "$directory" "$service"; }

stop() {
  umask 077
  mkdir -p "$kept" || exit 1
  if [ ! -s "$stopped" ]; then
    ids=$(running) || exit 1
    [ -n "$ids" ] || exit 0
    { now && printf '%s\n' "$ids"; } >"$stopped.new" && sync "$stopped.new" && mv -f "$stopped.new" "$stopped" && sync "$kept" || exit 1
  fi
  # shellcheck disable=SC2046 # a list of words
  docker stop --time "$seconds" $(tail -n +2 "$stopped") >/dev/null
}

start() {
  [ -s "$stopped" ] || exit 0
  begun=$(head -n 1 "$stopped")
  tail -n +2 "$stopped" | while read -r id; do
    if ! docker inspect "$id" >/dev/null 2>&1; then
      # Somebody made it anew meanwhile: what runs now is what is wanted.
      [ -n "$(running)" ] || { echo "the container $id of $service is gone: start $service again" >&2; exit 1; }
    else
      docker start "$id" >/dev/null || exit 1
    fi
  done || exit 1
  closed=$(awk -v from="$begun" -v to="$(now)" 'BEGIN { printf "%.1f", to - from }')
  echo "port 80 was closed for $closed s" | tee "$kept/$service.closed"
  rm -f "$stopped"
}

case $what in
  stop) stop ;;
  start) start ;;
esac
