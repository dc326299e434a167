#!/bin/bash
# npm run bench [-- --hosts "3 10"] [--runs 7] [--rounds 3] [--ansible]: how long provision takes on hosts of the lab, beside
# the floor of any tool over ssh2, and with --ansible beside Ansible. Each round is a fresh lab, with --ansible two of them:
# the first apply can be measured once in each.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lab/prepare.sh"
hosts='3 10' runs=7 rounds=3 ansible=
while [ $# -gt 0 ]; do
  case $1 in
  --ansible) ansible=ansible; shift; continue ;;
  --hosts | --runs | --rounds) [ $# -ge 2 ] || { echo "bench: $1 needs a value" >&2; exit 1; } ;;
  *) echo "bench: unknown option $1; there are --hosts, --runs, --rounds, --ansible" >&2; exit 1 ;;
  esac
  declare "${1#--}=$2"
  shift 2
done
can_make_hosts
npm_packages
npm run -s build
if [ -n "$ansible" ]; then
  export LAB_INCLUDE=python3,python3-apt # what Ansible needs on its hosts; provision needs none of it
  if ! command -v ansible-playbook >/dev/null; then
    echo 'bench: installing ansible-core' >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq -o DPkg::Lock::Timeout=300 update
    apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends ansible-core >/dev/null
  fi
fi

export LAB_NS=bench$$
work=$(mktemp -d)
trap 'test/lab/lab down; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
test/lab/acme-like authority "$work/authority"
cp -r roles playbooks test/bench/plain test/bench/plain.yml "$work"
mv "$work/plain" "$work/plain.yml" "$work/playbooks"
# the same playbook without its last step, which waits for log lines
grep -v '^ *- log_verify$' playbooks/home-lab.yml >"$work/playbooks/without-proof.yml"
printf 'log_root_file: %s\nlog_root_fingerprint: ""\nlog_ca_directory: %s\n' "$work/authority/root.pem" "$work/ca" >"$work/settings.yml"

fresh_lab() { # COUNT
  test/lab/lab up "$1"
  # an image may be minutes old, and Ansible would then take its empty package lists for fresh
  for number in $(seq "$1"); do test/lab/lab exec "h$number" touch -d '2 days ago' /var/lib/apt/lists; done
  test/lab/acme-like certbot "$work/authority" h1 logs.lab
}
on_control() { test/lab/lab exec ctl node "$@"; }

load=$(cut -d' ' -f1-3 /proc/loadavg)
for count in $hosts; do
  cat >"$work/inventory.yml" <<YAML
all:
  vars: {log_server_name: logs.lab}
  children:
    log_server: {hosts: {h1: {log_certificate_source: host}}}
    log_clients: {hosts: {"h[2:$count]": {}}}
YAML
  for round in $(seq "$rounds"); do
    echo "bench: $count hosts, round $round of $rounds" >&2
    fresh_lab "$count"
    on_control test/bench/first-runs.ts provision "$work" "$count"
    if [ -n "$ansible" ]; then
      mapfile -t names < <(seq -f 'h%.0f' "$count")
      test/bench/collect-certificates "$work" "${names[@]}"
    fi
    on_control test/bench/again-runs.ts "$work" "$count" "$runs" $ansible
    test/lab/lab down
    if [ -n "$ansible" ]; then
      fresh_lab "$count"
      on_control test/bench/first-runs.ts ansible "$work" "$count"
      test/lab/lab down
    fi
    rm -rf "$work/ca" "$work/certificates"
  done
done
node test/bench/table.ts "$work/samples"
echo "Load of the machine before and after: $load and $(cut -d' ' -f1-3 /proc/loadavg); $(nproc) processors, shared by all hosts."
