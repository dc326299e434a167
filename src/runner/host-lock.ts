import { quote } from '../shell/quote.ts';

/** Exit code of the lock section when another run has the host. */
export const lockedCode = 75;

/**
 * Shell functions about the processes that hold the lock: builtins only, for they are part of every program with steps.
 * A process is named by its id and its start time: a number alone may have been given to another since. One that is killed
 * may stay as a zombie for ever where nobody reaps it (a container without an init): it is dead.
 */
export const processFunctions = `provision_begin() {
  provision_stat=
  { read -r provision_stat <"/proc/$1/stat"; } 2>/dev/null
  set -- \${provision_stat##*) }
  case $1 in Z | X | '') provision_began= ;; *) provision_began=\${20} ;; esac
}
provision_alive() {
  provision_pid= provision_since=
  [ -f "$1" ] || return 1
  { read -r provision_pid provision_since <"$1"; } 2>/dev/null || return 1
  [ -n "$provision_pid" ] || return 1
  provision_begin "$provision_pid"
  [ "$provision_began" = "$provision_since" ]
}`;

/**
 * Takes the host's lock for as long as this shell lives, or prints who has it and exits with lockedCode.
 * A run that names one machine twice shares its own lock.
 * @param holder one line that tells the next run who we are
 * @param run unguessable name of this run
 */
export function lockScript(holder: string, run: string): string {
  return `umask 077
[ -d "$provision_run" ] || mkdir -p "$provision_run" || exit 1
lock=$provision_run/lock mine=$provision_run/lock.$$
mkdir "$mine" || exit 1
trap '[ ! -d "$mine" ] || rm -rf "$mine"' EXIT
provision_begin "$$"
printf '%s %s\\n%s\\n%s\\n' "$$" "$provision_began" ${quote(holder)} ${quote(run)} >"$mine/holder" || exit 1
# Renaming a directory onto one that is not empty fails: of two runs one gets the lock, whole.
mv -T "$mine" "$lock" 2>/dev/null && exit 0
name= run=
[ ! -f "$lock/holder" ] || { read -r name; IFS= read -r name; IFS= read -r run; } 2>/dev/null <"$lock/holder"
if provision_alive "$lock/holder"; then
  [ "$run" = ${quote(run)} ] && exit 0
  printf '%s\\n' "$name"
  exit ${lockedCode}
fi
if provision_alive "$lock/steps"; then
  printf '%s, which was cut off; its steps are still running as process %s\\n' "$name" "$provision_pid"
  exit ${lockedCode}
fi
mv -T "$lock" "$lock.stale.$$" 2>/dev/null
if provision_alive "$lock.stale.$$/holder"; then
  mv -T "$lock.stale.$$" "$lock"
else
  rm -rf "$lock.stale.$$"
  mv -T "$mine" "$lock" 2>/dev/null && exit 0
fi
echo 'another run that began at the same moment'
exit ${lockedCode}`;
}

/** What the shell that took the lock does at its end: frees it unless steps of this run still go on in another one. */
export const unlockScript = `trap '' HUP
read -r provision_pid provision_since <"$provision_run/lock/holder" || exit 0
[ "$provision_pid" = "$$" ] || exit 0
provision_alive "$provision_run/lock/steps" && [ "$provision_pid" != "$$" ] || rm -rf "$provision_run/lock"`;

/** Marks this shell as the one that runs steps, so that the lock outlives a lost connection, until the program ends. */
export const stepsMark = `umask 022
provision_steps_ended() {
  provision_pid=
  { read -r provision_pid provision_since <"$provision_run/lock/steps"; } 2>/dev/null
  [ "$provision_pid" != "$$" ] || : >"$provision_run/lock/steps"
}
if [ -d "$provision_run/lock" ]; then
  provision_begin "$$"
  { printf '%s %s\\n' "$$" "$provision_began" >"$provision_run/lock/steps"; } 2>/dev/null || :
  trap provision_steps_ended EXIT
fi`;
