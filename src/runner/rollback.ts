import { putPrelude } from '../shell/put.ts';
import { stepsMark } from './host-lock.ts';
import type { Layer } from './layers.ts';
import { statePrelude } from './state-directories.ts';

/**
 * Prelude of a program with steps: what they replace is kept under a name until the play, or the block, has succeeded.
 * @param kept undefined keeps nothing, on a host that the play does not put back
 */
export function stepsPrelude(kept: Layer | undefined): string {
  const all = kept?.all ? 'provision_all=yes' : 'provision_all=';
  const saved = kept === undefined ? 'provision_saved=' : `${savedDirectory(kept.name)}\n${all}`;
  return [statePrelude, stepsMark, saved, putPrelude].join('\n');
}

// A user whose home is not its own (www-data, nobody) can write files and keep none.
function savedDirectory(name: string): string {
  return `provision_saved=$provision_state/rollback/${name} provision_above=$provision_state
while [ ! -e "$provision_above" ]; do
  case $provision_above in
  */*) provision_above=\${provision_above%/*} provision_above=\${provision_above:-/} ;;
  *) provision_above=. ;;
  esac
done
[ -w "$provision_above" ] || provision_saved=`;
}

/**
 * Puts back every file that steps replaced under this name and prints the paths; what was not there is removed, directories
 * last and from the inside out, unless something else is in them. A link planted at the temporary name is not followed. What cannot
 * be put back keeps nothing else from it: the script fails in the end, and its copies stay.
 */
export function restoreScript(name: string): string {
  return `cd "$provision_state/rollback/${name}" 2>/dev/null || exit 0
stuck=
for entry in *.path; do
  [ -e "$entry" ] || continue
  target=$(cat "$entry"; echo .); target=\${target%.}
  copy=\${entry%.path}.copy
  if [ -d "$copy" ] && [ ! -L "$copy" ]; then
    [ ! -e "$target" ] || continue
    mkdir -p -- "$(dirname -- "$target")" && cp -aT -- "$copy" "$target" || { stuck=yes; continue; }
    printf '%s\\n' "$target"
    continue
  fi
  if [ -e "$copy" ] || [ -L "$copy" ]; then
    mkdir -p -- "$(dirname -- "$target")" && cp -aT --remove-destination -- "$copy" "$target.provision-back" && mv -fT -- "$target.provision-back" "$target" || { rm -f -- "$target.provision-back"; stuck=yes; continue; }
  elif [ -d "$target" ] && [ ! -L "$target" ]; then
    continue
  else
    rm -f -- "$target" || { stuck=yes; continue; }
  fi
  printf '%s\\n' "$target"
done
emptied=yes
while [ "$emptied" ]; do
  emptied=
  for entry in *.path; do
    target=$(cat "$entry" 2>/dev/null; echo .); target=\${target%.}
    [ ! -e "\${entry%.path}.copy" ] && [ ! -L "$target" ] && [ -d "$target" ] || continue
    rmdir -- "$target" 2>/dev/null || continue
    printf '%s\\n' "$target"
    emptied=yes
  done
done
# What was noted first is what was there: it has the last word.
[ ! -e owned ] || tac owned | {
  stuck=
  while read -r kind mode own target; do
    case $kind in
    l*) [ ! -L "$target" ] || chown -h -- "$own" "$target" || stuck=yes ;;
    *) [ ! -e "$target" ] || [ -L "$target" ] || { chown -h -- "$own" "$target" && chmod -- "$mode" "$target"; } || stuck=yes ;;
    esac
  done
  [ -z "$stuck" ]
} || stuck=yes
[ -z "$stuck" ] || exit 1
cd / && rm -rf "$provision_state/rollback/${name}"
rmdir "$provision_state/rollback" 2>/dev/null || :`;
}
