#!/bin/bash
# npm run bench [-- OPTION...]: what provision costs on hosts of the lab, beside the floor of any tool over ssh2, and whether
# that is within the bounds. docs/benchmarks.md says more.
#   --programs --files --scale --fleet --start   only these parts, instead of runs on hosts and --start; --all: everything
#   --ansible, --pyinfra DIR             Ansible and the checkout DIR of pyinfra too, on the same hosts
#   --hosts "10 3" --runs 5 --rounds 1   each round is a fresh lab of each size, with --ansible two of them: the first apply can
#                                        be measured once in each
#   --times                              print all that was measured, not only the bounds
set -euo pipefail
# shellcheck source=test/lab/prepare.sh
. "$(dirname "$(readlink -f "$0")")/../lab/prepare.sh"
. test/bench/parts.sh
hosts='10 3' runs=5 rounds=1 parts='' times='' tools=()
while [ $# -gt 0 ]; do
  case $1 in
  --programs | --files | --scale | --fleet | --start) parts+=" ${1#--}" ;;
  --all) parts='hosts files scale fleet start' ;;
  --ansible) tools+=("${1#--}") ;;
  --pyinfra)
    BENCH_PYINFRA=$(readlink -f "${2:?bench: --pyinfra needs a directory}")
    export BENCH_PYINFRA
    tools+=(pyinfra)
    shift
    ;;
  --times) times='times' ;;
  --hosts | --runs | --rounds)
    [ $# -ge 2 ] || { echo "bench: $1 needs a value" >&2; exit 1; }
    declare "${1#--}=$2"
    shift
    ;;
  *) echo "bench: unknown option $1; the first lines of test/bench/bench.sh name those that there are" >&2; exit 1 ;;
  esac
  shift
done
: "${parts:=hosts start}"
can_make_hosts
npm_packages
npm run -s build
if with ansible; then
  test/lab/lab packages tests
  export LAB_INCLUDE=python3,python3-apt # what Ansible needs on its hosts; provision needs none of it
fi

export LAB_NS=bench$$
work=$(mktemp -d)
before=$(cut -d' ' -f1-3 /proc/loadavg)
finish() { # also after a failure: what was measured until then was not in vain
  if [ -e "$work/samples" ]; then
    node test/bench/table.ts "$work" $times || true
    echo "Load of the machine before and after: $before and $(cut -d' ' -f1-3 /proc/loadavg); $(nproc) processors, shared by all hosts."
  fi
  test/lab/lab down
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP
if with pyinfra; then test/bench/pyinfra/prepare "$BENCH_PYINFRA" "$work"; fi
test/lab/acme-like authority "$work/authority"
cp -r roles playbooks "$work"
cp -r test/bench/{plain,scale}{,.yml} test/bench/files.yml "$work/playbooks"
printf 'log_root_file: %s\nlog_root_fingerprint: ""\nlog_ca_directory: %s\n' "$work/authority/root.pem" "$work/ca" >"$work/settings.yml"

for part in $parts; do "measure_$part"; done
if [ "$parts" = ' programs' ]; then cat "$work/programs"; fi
