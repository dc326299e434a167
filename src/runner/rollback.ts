import { putPrelude } from '../shell/put.ts';
import { statePrelude, stepsMark } from './host-state.ts';

/** Prelude of a program with steps: what they replace is kept under the play's name until the play has succeeded. */
export function stepsPrelude(play: number): string {
  return [statePrelude, stepsMark, `provision_saved=$provision_state/rollback/${play}`, putPrelude].join(
    '\n',
  );
}

/** Drops the kept copies of a play that has succeeded. */
export function discardScript(play: number): string {
  return `rm -rf "$provision_state/rollback/${play}"
rmdir "$provision_state/rollback" "$provision_state" 2>/dev/null || :`;
}

/** Puts back every file that the play's steps replaced and prints the paths; a file that was not there is removed. */
export function restoreScript(play: number): string {
  return `cd "$provision_state/rollback/${play}" 2>/dev/null || exit 0
for entry in *.path; do
  [ -e "$entry" ] || continue
  target=$(cat "$entry"; echo .); target=\${target%.}
  copy=\${entry%.path}.copy
  if [ -d "$copy" ] && [ ! -L "$copy" ]; then continue; fi
  if [ -e "$copy" ] || [ -L "$copy" ]; then
    cp -a -- "$copy" "$target.provision-back" && mv -fT -- "$target.provision-back" "$target" || exit 1
  elif [ -d "$target" ] && [ ! -L "$target" ]; then
    rmdir -- "$target" 2>/dev/null || :
  else
    rm -f -- "$target" || exit 1
  fi
  printf '%s\\n' "$target"
done
cd / && rm -rf "$provision_state/rollback/${play}"`;
}
