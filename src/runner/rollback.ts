import { putPrelude } from '../shell/put.ts';
import { stepsMark } from './host-lock.ts';
import { statePrelude } from './state-directories.ts';

/**
 * Prelude of a program with steps: what they replace is kept under the play's name until the play has succeeded.
 * @param play its index; undefined keeps nothing, on a host that the play does not put back
 */
export function stepsPrelude(play: number | undefined): string {
  const saved = play === undefined ? 'provision_saved=' : savedDirectory(play);
  return [statePrelude, stepsMark, saved, putPrelude].join('\n');
}

// A user whose home is not its own (www-data, nobody) can write files and keep none.
function savedDirectory(play: number): string {
  return `provision_saved=$provision_state/rollback/${play} provision_above=$provision_state
while [ ! -e "$provision_above" ]; do
  case $provision_above in
  */*) provision_above=\${provision_above%/*} provision_above=\${provision_above:-/} ;;
  *) provision_above=. ;;
  esac
done
[ -w "$provision_above" ] || provision_saved=`;
}

/**
 * Puts back every file that the play's steps replaced and prints the paths; what was not there is removed, directories
 * last and from the inside out, unless something else is in them. A link planted at the temporary name is not followed.
 */
export function restoreScript(play: number): string {
  return `cd "$provision_state/rollback/${play}" 2>/dev/null || exit 0
for entry in *.path; do
  [ -e "$entry" ] || continue
  target=$(cat "$entry"; echo .); target=\${target%.}
  copy=\${entry%.path}.copy
  if [ -d "$copy" ] && [ ! -L "$copy" ]; then continue; fi
  if [ -e "$copy" ] || [ -L "$copy" ]; then
    mkdir -p -- "$(dirname -- "$target")" && cp -aT --remove-destination -- "$copy" "$target.provision-back" && mv -fT -- "$target.provision-back" "$target" || exit 1
  elif [ -d "$target" ] && [ ! -L "$target" ]; then
    continue
  else
    rm -f -- "$target" || exit 1
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
cd / && rm -rf "$provision_state/rollback/${play}"`;
}
