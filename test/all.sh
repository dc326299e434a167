#!/bin/bash
# npm test: sets up what is missing, then runs every test, first those without hosts, then those in the lab.
# Ends with the slowest files, the table of promises (promises.ts) and one line of counts.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lab/prepare.sh"
if ! can_make_hosts; then
  echo "npm test: cannot run the tests in the lab, so it runs none. Those without hosts: npm run test:unit" >&2
  exit 1
fi
npm_packages
test/lab/lab packages tests
npm run -s build

# The labs of this run bear a name of their own: whatever a broken test leaves is ended, and nobody else's lab.
export LAB_PREFIX=t$$x
results=$(mktemp -d /tmp/XXXXX)
# Scratch files of tests lie in memory: to make one on a disk takes a hundred times as long, when each directory has few.
mount -t tmpfs -o mode=1777,size=50% provision-test "$results"
export TMPDIR=$results
# Compiled code of the command is kept for all labs, each of which has a home of its own.
export XDG_CACHE_HOME=$results/cache
clean_up() {
  local name
  for name in $(test/lab/lab list --names | grep "^$LAB_PREFIX" || true); do LAB_NS=$name test/lab/lab down; done
  if [ -n "${images:-}" ]; then kill -- "-$images" 2>/dev/null || true; fi
  umount --lazy "$results"
  rmdir "$results"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

run() { # PROJECT
  TEST_RESULTS=$results/$1.json vitest run --project "$1" --reporter=default --reporter=./test/results-reporter.ts || code=1
}
code=0
# Images are made while the tests without hosts run: both wait much, for the network and for processes.
setsid test/lab/images >"$results/images" 2>&1 &
images=$!
run unit
if wait "$images"; then run lab; else cat "$results/images" >&2; fi
node test/tally.ts "$SECONDS" "$results/unit.json" "$results/lab.json" || code=1
exit "$code"
