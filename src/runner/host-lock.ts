import { unwritten } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';

/** Exit code of the lock section when another run has the host. */
export const lockedCode = 75;

// Seconds between two checks by the process on the host that watches over the lock, and how many may find no sign of life.
const watchInterval = 10;
const missedBeats = 4;

/** Seconds between two signs of life of a run. */
export const beatInterval = 10;

/** Seconds after the last sign of life until the host ends the lock of a run by itself, at the most. */
export const lockPatience = watchInterval * (missedBeats + 1);

/** Who has a host, as its lock names it. */
export interface LockHolder {
  /** One line for people: user, machine, playbook, process, since when. */
  readonly who: string;
  /** Unguessable name of the run. */
  readonly run: string;
  /** The process on the control node (control-process.ts). */
  readonly process: string;
}

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

const files = ['holder', 'steps', 'beat', 'watch'].map((name) => `"$provision_run/${name}"`).join(' ');

// Starts the process that ends the lock when nobody is there any more: the link may be dead without this host having noticed, and
// then the shell waits for hours. Steps that still go on are waited for. It ends when the lock is not its own any more.
const watchScript = (interval: number) => `( cd /
  trap '' HUP
  trap 'kill "$provision_nap" 2>/dev/null; exit 0' TERM
  provision_missed=0 provision_seen=
  while :; do
    sleep ${interval} &
    provision_nap=$!
    wait "$provision_nap"
    provision_pid= provision_since= provision_beat=
    { read -r provision_pid provision_since <"$provision_run/holder"; } 2>/dev/null
    [ "$provision_pid $provision_since" = "$$ $provision_own" ] || exit 0
    if provision_alive "$provision_run/holder"; then
      { read -r provision_beat <"$provision_run/beat"; } 2>/dev/null
      if [ "$provision_beat" != "$provision_seen" ]; then
        provision_seen=$provision_beat provision_missed=0
        continue
      fi
      provision_missed=$((provision_missed + 1))
      [ "$provision_missed" -ge ${missedBeats} ] || continue
    fi
    provision_alive "$provision_run/steps" && continue
    ! provision_alive "$provision_run/holder" || kill -KILL "$provision_pid"
    rm -f ${files}
    exit 0
  done
) </dev/null >/dev/null 2>&1 &
provision_begin "$!"
echo "$! $provision_began" >"$provision_run/watch"`;

const beat =
  '{ read -r provision_beat provision_rest </proc/uptime; echo "$provision_beat" >"$provision_run/beat"; } 2>/dev/null';

/**
 * Takes the host's lock for as long as this shell lives and its run is heard of, or prints who has it, as readRefusal
 * (lock-refusal.ts) reads it, and exits with lockedCode. A run that names one machine twice shares its own lock.
 * @param interval seconds between two checks for signs of life
 */
export function lockScript({ who, run, process }: LockHolder, interval = watchInterval): string {
  const words = [who, run, process].map((word) => quote(word.replaceAll('\n', ' '))).join(' ');
  return `umask 077
${unwritten}
[ -d "$provision_run" ] || mkdir -p "$provision_run" || exit 1
provision_begin "$$"
provision_own=$provision_began tries=0
set -C
while :; do
  # A file that is there is not written over: of two runs one gets it. One that is made and stays empty is on a full disk.
  written=
  if { { printf '%s\\n' "$$ $provision_own" ${words} && written=yes; :; } >"$provision_run/holder"; } 2>/dev/null; then
    set +C
    [ ! -e "$provision_run/steps" ] || rm -f "$provision_run/steps"
    if [ -z "$written" ] || ! ${beat}; then
      provision_unwritten "$provision_run/holder"
      rm -f ${files}
      exit 1
    fi
    ${watchScript(interval)}
    exit 0
  fi
  pid= who= run= process=
  { read -r pid since && IFS= read -r who && IFS= read -r run && IFS= read -r process; } 2>/dev/null <"$provision_run/holder"
  tries=$((tries + 1))
  if [ "$tries" -gt 50 ]; then
    printf 'what an earlier run left in %s can be neither used nor removed\\n' "$provision_run" >&2
    exit 1
  fi
  [ "$tries" -lt 20 ] || sleep 0.1
  if [ -z "$process" ] && [ "$tries" -lt 20 ]; then
    # It is being written at this moment, or was taken away since, or cannot be written.
    [ "$tries" -lt 3 ] || sleep 0.1
    continue
  fi
  if [ -z "$process" ] && [ ! -e "$provision_run/holder" ]; then
    printf '%s\\n' "$$ $provision_own" ${words} >"$provision_run/holder" || exit 1
    continue
  fi
  if [ -n "$process" ] && provision_alive "$provision_run/holder"; then
    [ "$run" != ${quote(run)} ] || exit 0
    printf '%s\\n' "$who" "$run" "$process" "$pid"
    break
  fi
  if [ -n "$process" ] && provision_alive "$provision_run/steps"; then
    printf '%s\\n' "$who" "$run" "$process" "$pid" "$provision_pid"
    break
  fi
  # Left behind. Two runs may find it at once: who has moved a lock that is alive puts it back.
  mv -f "$provision_run/holder" "$provision_run/stale.$$" 2>/dev/null || continue
  if provision_alive "$provision_run/stale.$$"; then ln "$provision_run/stale.$$" "$provision_run/holder" 2>/dev/null; fi
  rm -f "$provision_run/stale.$$"
done
up= beat=
{ read -r up rest </proc/uptime; read -r beat <"$provision_run/beat"; } 2>/dev/null
case $beat in *[0-9]*) echo "heard $((\${up%%.*} - \${beat%%.*}))" ;; esac
exit ${lockedCode}`;
}

/** A sign of life of a run; fails when the lock is not its own any more. */
export function beatScript(run: string): string {
  return `name=
{ read -r name; read -r name; IFS= read -r name; } 2>/dev/null <"$provision_run/holder"
[ "$name" = ${quote(run)} ] || exit 1
${beat}`;
}

/** Ends the lock of a run whose process is known to be dead; fails, and prints the process, when its steps still go on. */
export function endLockScript(run: string): string {
  return `name=
{ read -r name; read -r name; IFS= read -r name; } 2>/dev/null <"$provision_run/holder"
[ "$name" = ${quote(run)} ] || exit 0
if provision_alive "$provision_run/steps"; then echo "$provision_pid"; exit 1; fi
! provision_alive "$provision_run/watch" || kill "$provision_pid"
! provision_alive "$provision_run/holder" || kill -KILL "$provision_pid"
rm -f ${files}`;
}

/** What the shell that took the lock does at its end: frees it, unless steps of this run still go on in another one. */
export const unlockScript = `trap '' HUP
provision_pid=
{ read -r provision_pid provision_since <"$provision_run/holder"; } 2>/dev/null
[ "$provision_pid" = "$$" ] || exit 0
if provision_alive "$provision_run/steps" && [ "$provision_pid" != "$$" ]; then exit 0; fi
! provision_alive "$provision_run/watch" || kill "$provision_pid"
rm -f ${files}`;

/** Marks this shell as the one that runs steps, so that the lock outlives a lost connection, until the program ends. */
export const stepsMark = `umask 022
provision_steps_ended() {
  provision_pid=
  { read -r provision_pid provision_since <"$provision_run/steps"; } 2>/dev/null
  [ "$provision_pid" != "$$" ] || : >"$provision_run/steps"
}
if [ -e "$provision_run/holder" ]; then
  provision_begin "$$"
  { printf '%s %s\\n' "$$" "$provision_began" >"$provision_run/steps"; } 2>/dev/null || :
  trap provision_steps_ended EXIT
fi`;
