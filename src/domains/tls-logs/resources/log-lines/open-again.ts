// The word that a listener adds to what arrived after a file was opened again that somebody had removed or renamed.
export const reopenedFiles = 'reopened';

/*
 * rsyslogd can lose an open file: Debian's ossl driver closes every connection's descriptor twice (fixed upstream in December
 * 2025), and what another thread opened in between is closed by it. Its lines then go into whatever gets that number next, until
 * SIGHUP, which log rotation sends too, makes it open its files again. A file that was removed or renamed under it is lost as well.
 * One that was removed and whose descriptor is gone as well looks like that of a host which never sent: nothing can be said of it,
 * and rsyslogd makes it anew by itself.
 *
 * Variables are those of the script that this is part of. A file that was written to since the daemon began and is not open may be
 * lost, or idle: rsyslogd closes it after ten minutes, or when it has too many. SIGHUP harms neither, and nothing is said of it. A
 * daemon that was just restarted has opened none yet. Times are hundredths of a second since 1970 and since boot.
 *
 * The first line of a client opens its file just when others connect and hang up, so \`keep\` looks once more when all lines are
 * there: then each file was written to a moment ago, and one that the daemon does not hold is lost. It starts no program: what
 * systemd knows stands in the service's control group too, where the host has them in version 2.
 */
export const openAgain = `daemon() {
  program=
  read -r daemon </sys/fs/cgroup/system.slice/"\${service%.service}".service/cgroup.procs && read -r program </proc/"$daemon"/comm
  [ "$program" = rsyslogd ] || daemon=$(systemctl show -p MainPID --value -- "$service")
} 2>/dev/null
readable() { set -- /proc/"\${daemon:-0}"/fd/*; [ -e "$1" ]; }
held() {
  for one in /proc/"$daemon"/fd/*; do [ ! "$1" -ef "$one" ] || return 0; done
  return 1
}
keep() {
  daemon
  readable || return 0
  for i in $there; do
    eval "file=\\$f$i"
    held "$file" || { kill -s HUP "$daemon"; return; }
  done
}
reopen() {
  daemon
  { read -r begun < /proc/"\${daemon:-0}"/stat && read -r up rest < /proc/uptime; } 2>/dev/null || return 0
  now=$(date +%s%2N)
  case $now in *[!0-9]*) return 0 ;; esac
  set -- \${begun##*) }; shift 19
  begun=$((now - \${up%.*}\${up#*.} + $1))
  readable || return 0
  lost=
  for i in $there; do
    eval "file=\\$f$i"
    set -- $(stat -L -c %.2Y -- "$file" 2>/dev/null)
    [ $# = 0 ] || [ "\${1%.*}\${1#*.}" -le "$begun" ] || held "$file" || lost=yes
  done
  links=$(ls -l /proc/"$daemon"/fd 2>/dev/null)
  i=0
  while [ "$i" -lt "$files" ]; do
    eval "file=\\$f$i"
    [ -e "$file" ] || case $links in *"-> $file"*) lost=yes reopened=${reopenedFiles} ;; esac
    i=$((i + 1))
  done
  [ -z "$lost" ] || { kill -s HUP "$daemon" && sleep 0.2; }
}`;
