#!/bin/bash
# npm run check: all that is judged without running the code, side by side; each part says its own when it fails.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
declare -A parts
for part in types packaging lint scripts unused; do
  npm run -s "$part" >"$said/$part" 2>&1 &
  parts[$part]=$!
done
code=0
for part in types packaging lint scripts unused; do
  wait "${parts[$part]}" && continue
  code=1
  printf '%s failed: npm run %s\n' "$part" "$part"
  cat "$said/$part"
done
exit "$code"
