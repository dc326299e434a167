# shellcheck shell=sh
# written by test/bench/plain.yml
export BENCH_HOME=/etc/bench
