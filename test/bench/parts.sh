# shellcheck shell=bash disable=SC2154
# Sourced by bench.sh: its parts, each a function that appends what it measures to $work/samples.

# Whether another TOOL is measured too.
with() { [[ " ${tools[*]} " == *" $1 "* ]]; }

on_control() { test/lab/lab exec ctl node "$@"; }

fresh_lab() { # COUNT
  local number
  test/lab/lab up "$1"
  # an image may be minutes old, and Ansible would then take its empty package lists for fresh
  for number in $(seq "$1"); do test/lab/lab exec "h$number" touch -d '2 days ago' /var/lib/apt/lists; done
  test/lab/acme-like certbot "$work/authority" h1 logs.lab
  cat >"$work/inventory.yml" <<YAML
all:
  vars: {log_server_name: logs.lab}
  children:
    log_server: {hosts: {h1: {log_certificate_source: host}}}
    log_clients: {hosts: {"h[2:$1]": {}}}
YAML
}

end_lab() {
  test/lab/lab down
  rm -rf "$work/ca" "$work/certificates"
}

measure_hosts() {
  local round count smallest name names
  smallest=$(tr ' ' '\n' <<<"$hosts" | sort -n | head -1)
  for round in $(seq "$rounds"); do
    for count in $hosts; do
      echo "bench: $count hosts, round $round of $rounds" >&2
      mapfile -t names < <(seq -f 'h%.0f' "$count")
      fresh_lab "$count"
      on_control test/bench/first-runs.ts provision "$work" "$count"
      test/bench/collect-certificates "$work" "${names[@]}"
      on_control test/bench/again-runs.ts "$work" "$count" "$runs" "${tools[@]}"
      if [ "$count" = "$smallest" ]; then
        for name in "${names[@]}"; do test/lab/lab fault "$name" latency 20; done # each way
        on_control test/bench/slow-runs.ts "$work" "$count" "$runs"
      fi
      test/lab/lab down
      if with ansible; then
        fresh_lab "$count"
        on_control test/bench/first-runs.ts ansible "$work" "$count"
        test/bench/lay-records "$work" "${names[@]}"
        on_control test/bench/first-runs.ts check "$work" "$count"
      fi
      end_lab
    done
  done
}

# the counts alone, with the names of the programs
measure_programs() {
  fresh_lab 3
  on_control test/bench/first-runs.ts provision "$work" 3
  on_control test/bench/again-runs.ts "$work" 3 0
  end_lab
}

measure_start() { node test/bench/start-runs.ts "$work" "$runs"; }

measure_files() {
  test/lab/lab up 1
  echo 'all: {hosts: {h1: {}}}' >"$work/inventory.yml"
  on_control test/bench/files-runs.ts "$work" "$runs"
  end_lab
}

measure_scale() {
  test/lab/lab up 1
  on_control test/bench/scale-runs.ts "$work"
  end_lab
}

# prints what it measures itself: there is no bound for it
measure_fleet() {
  test/lab/lab packages tests
  test/lab/lab up 1
  on_control test/bench/fleet-runs.ts "$work"
  end_lab
}
