#!/bin/bash
# npm test: sets up what is missing, then runs every test, first those without hosts, then those in the lab.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/lab/prepare.sh"
if ! can_make_hosts; then
  echo "npm test: cannot run the tests in the lab, so it runs none. Those without hosts: npm run test:unit" >&2
  exit 1
fi
npm_packages
test/lab/lab packages tests
test/lab/lab image >/dev/null
npm run -s build

# The labs of this run bear a name of their own: whatever a broken test leaves is ended, and nobody else's lab.
export LAB_PREFIX=t$$
results=$(mktemp -d)
clean_up() {
  local name
  for name in $(test/lab/lab list --names | grep "^$LAB_PREFIX" || true); do LAB_NS=$name test/lab/lab down; done
  rm -rf "$results"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

code=0
for project in unit lab; do
  vitest run --project "$project" --reporter=default --reporter=json --outputFile.json="$results/$project.json" || code=1
done
node test/tally.ts "$results/unit.json" "$results/lab.json" || code=1
exit "$code"
