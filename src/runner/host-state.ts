import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Task } from '../language/model.ts';
import { quote } from '../shell/quote.ts';

// Where the tool keeps what must outlive a run, and what must not outlive a boot. Never below /tmp: others write there.
const directories = `if [ "$(id -u)" = 0 ]; then
  provision_state=\${PROVISION_STATE:-/var/lib/provision}
  provision_run=\${PROVISION_RUN:-/run/provision}
else
  provision_state=\${PROVISION_STATE:-\${XDG_STATE_HOME:-$HOME/.local/state}/provision}
  provision_run=\${PROVISION_RUN:-$provision_state/run}
fi`;

// A process is named by its id and its start time: a number alone may have been given to another since.
// One that is killed may stay as a zombie for ever where nobody reaps it (a container without an init): it is dead.
const processes = `provision_started() { sed -n 's/.*) //;/^[ZX]/!p' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
provision_alive() {
  [ -f "$1" ] || return 1
  read -r provision_pid provision_since <"$1" || return 1
  [ -n "$provision_pid" ] && [ "$(provision_started "$provision_pid")" = "$provision_since" ]
}`;

/** Exit code of the lock section when another run has the host. */
export const lockedCode = 75;

/** Shell variables and functions of every program that opens a host or changes it. */
export const statePrelude = `${directories}\n${processes}`;

/**
 * Takes the host's lock for as long as this shell lives, or prints who has it and exits with lockedCode.
 * A run that names one machine twice shares its own lock.
 * @param holder one line that tells the next run who we are
 * @param run unguessable name of this run
 */
export function lockScript(holder: string, run: string): string {
  return `umask 077
mkdir -p "$provision_run" || exit 1
lock=$provision_run/lock mine=$provision_run/lock.$$
mkdir "$mine" || exit 1
trap 'rm -rf "$mine"' EXIT
printf '%s %s\\n%s\\n%s\\n' "$$" "$(provision_started "$$")" ${quote(holder)} ${quote(run)} >"$mine/holder" || exit 1
# Renaming a directory onto one that is not empty fails: of two runs one gets the lock, whole.
mv -T "$mine" "$lock" 2>/dev/null && exit 0
if provision_alive "$lock/holder"; then
  [ "$(sed -n 3p "$lock/holder")" = ${quote(run)} ] && exit 0
  sed -n 2p "$lock/holder"
  exit ${lockedCode}
fi
if provision_alive "$lock/steps"; then
  printf '%s, which was cut off; its steps are still running as process %s\\n' "$(sed -n 2p "$lock/holder")" "$provision_pid"
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

/** What the opening shell does when its channel closes: frees the lock unless steps of this run still go on. */
export const unlockScript = `trap '' HUP
read -r provision_pid provision_since <"$provision_run/lock/holder" || exit 0
[ "$provision_pid" = "$$" ] || exit 0
provision_alive "$provision_run/lock/steps" || rm -rf "$provision_run/lock"`;

/** Marks this shell as the one that runs steps, so that the lock outlives a lost connection. */
export const stepsMark = `umask 022
[ ! -d "$provision_run/lock" ] || printf '%s %s\\n' "$$" "$(provision_started "$$")" >"$provision_run/lock/steps" 2>/dev/null`;

/** Name under which a notified handler is remembered on the host. */
export function handlerKey(playbook: string, handler: Task): string {
  const name = [basename(playbook), handler.role?.name ?? '', handler.name ?? handler.id].join('\n');
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** Prints the keys of remembered handlers. */
export const rememberedScript = 'ls -1 "$provision_state/handlers" 2>/dev/null || :';

/** Remembers handlers before the change that notifies them is made. */
export function rememberScript(keys: readonly string[]): string {
  return `mkdir -p -m 0700 "$provision_state" && mkdir -p "$provision_state/handlers" && cd "$provision_state/handlers" && touch ${keys.map(quote).join(' ')}`;
}

/** Forgets handlers that have run. */
export function forgetScript(keys: readonly string[]): string {
  return `cd "$provision_state/handlers" 2>/dev/null || exit 0
rm -f ${keys.map(quote).join(' ')}
cd / && rmdir "$provision_state/handlers" "$provision_state" 2>/dev/null || :`;
}
