#!/bin/sh
# change-input.sh JOURNAL JOURNALD PLACE FIND_USER FORWARD
# Restarts journald and rsyslogd after the input was changed, in the order in which nothing is lost and nothing comes twice. Which input it
# is to be is seen by the files: JOURNAL is what makes rsyslogd read the journal, JOURNALD what keeps journald from forwarding, PLACE up to
# where the journal was read. FIND_USER (sh) prints the daemon's user, FORWARD (Perl) sends entries to the socket. The moment from which
# journald keeps its lines to itself, or forwards them again, is that of its `Journal started`: before it one input counts, after it the other.
journal=$1 journald=$2 place=$3 find_user=$4 forward=$5
started=MESSAGE_ID=f77379a8490b408bbe5f6940505a777b

reads_journal() { # imjournal is loaded, and some file of the journal is open
  loaded='' opened=''
  while read -r map; do
    case $map in */imjournal.so*) loaded=yes ;; */log/journal/*) opened=yes ;; esac
  done <"/proc/$pid/maps" && [ "$loaded$opened" = yesyes ]
}
forwarded_is_read() { # rsyslogd has read its socket empty; where that cannot be seen, it had a second for it
  tries=10
  while [ "$((tries -= 1))" -ge 0 ]; do
    sleep 0.1
    [ "$(ss -xaH src /run/systemd/journal/syslog 2>/dev/null | { read -r _ _ waiting _ && echo "$waiting"; })" != 0 ] || return 0
  done
}
to_journal() {
  settings=$(systemd-analyze cat-config systemd/journald.conf | grep -E '^(ForwardToSyslog=|# /)')
  forwards=${settings##*ForwardToSyslog=}
  case ${forwards%%[!a-z0-9]*} in
    no | 0 | false | off) ;;
    *)
      echo "journald would go on forwarding, and every line come twice: a file behind $journald says so" >&2
      echo "$settings" | grep -B1 '^F' >&2
      return 1
      ;;
  esac
  systemctl restart systemd-journald || return 1
  if [ ! -s "$place" ]; then
    forwarded_is_read
    journalctl --sync
    cursor=$(journalctl -q -o export --since "@$(stat -c %.Y -- "$journald")" "$started" | sed -n '/^__CURSOR=/{s///p;q;}')
    if [ -z "$cursor" ]; then
      echo 'the journal does not say when journald was restarted; is its storage switched off (Storage=none)?' >&2
      return 1
    fi
    user=$(sh -c "$find_user")
    (umask 077 && printf %s "$cursor" >"$place.new") && { [ -z "$user" ] || chown "$user" "$place.new"; } && mv -- "$place.new" "$place" || return 1
  fi
  systemctl restart rsyslog || return 1
  pid=$(systemctl show -p MainPID --value rsyslog)
  tries=50
  while [ "$((tries -= 1))" -ge 0 ]; do
    if reads_journal; then return 0; fi
    sleep 0.1
  done
  echo "rsyslogd runs, but does not read the journal; its user (${user:-root}) must be in group adm or systemd-journal" >&2
  return 1
}
to_socket() {
  systemctl restart rsyslog && systemctl restart systemd-journald && journalctl --sync || return 1
  [ -s "$place" ] || return 0
  # What came between the last line that was read and the first that is forwarded.
  journalctl -q -o export --after-cursor="$(cat -- "$place")" | perl -e "$forward" "$started" || return 1
  rm -f -- "$place"
}
systemctl reset-failed rsyslog # several restarts in ten seconds are no reason to refuse this one
if [ -e "$journal" ]; then to_journal; else to_socket; fi
