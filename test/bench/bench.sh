#!/bin/bash
# npm run bench [-- --hosts "3 10"] [--runs 7] [--rounds 3]: how long provision takes on hosts of the lab, beside the
# floor of any tool over ssh2. Each round is a fresh lab; the first apply can be measured once in each.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lab/prepare.sh"
hosts='3 10' runs=7 rounds=3
while [ $# -gt 0 ]; do
  case $1 in
  --hosts) hosts=$2 ;;
  --runs) runs=$2 ;;
  --rounds) rounds=$2 ;;
  *) echo "bench: unknown option $1; there are --hosts, --runs, --rounds" >&2; exit 1 ;;
  esac
  shift 2
done
can_make_hosts
npm_packages
npm run -s build

export LAB_NS=bench$$
work=$(mktemp -d)
trap 'test/lab/lab down; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
test/lab/acme-like authority "$work/authority"
cp -r roles playbooks "$work"
# the same playbook without its last step, which waits for log lines
grep -v '^ *- log_verify$' playbooks/home-lab.yml >"$work/playbooks/without-proof.yml"
printf 'log_root_file: %s\nlog_root_fingerprint: ""\nlog_ca_directory: %s\n' "$work/authority/root.pem" "$work/ca" >"$work/settings.yml"

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
    test/lab/lab up "$count"
    test/lab/acme-like certbot "$work/authority" h1 logs.lab
    test/lab/lab exec ctl node test/bench/measure.ts "$work" "$count" "$runs"
    test/lab/lab down
    rm -rf "$work/ca"
  done
done
node test/bench/table.ts "$work/samples"
