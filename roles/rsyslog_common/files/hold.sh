#!/bin/sh
# hold.sh [SECONDS]
# Holds a client while the log server restarts, so that it sends nothing into a connection that dies; without SECONDS lets it go on.
# Runs on the client as root. After SECONDS the client goes on by itself. Where the journal is read, rsyslogd is stopped and lines wait in
# the journal. Else it goes on with a configuration that reaches nobody, so that lines wait in its queue; that configuration is only
# mounted over the file, so that a boot ends it. The timer shows that a client is held.
configuration=/etc/rsyslog.d/10-provision-tls-client.conf
journal=/etc/rsyslog.d/05-provision-journal.conf
# Several restarts in ten seconds are no reason to refuse this one.
end_hold='
  systemctl reset-failed rsyslog
  if mountpoint -q '$configuration'; then
    umount '$configuration' && systemctl restart rsyslog
  else
    systemctl start rsyslog
  fi'
release() {
  systemctl -q is-active provision-unhold.timer || return 0
  if ! sh -c "$end_hold"; then
    echo 'rsyslogd did not start again' >&2
    journalctl -q -n 10 -u rsyslog -o cat >&2
    return 1
  fi
  systemctl stop provision-unhold.timer
}
give_up() {
  echo "$1" >&2
  release
  exit 1
}
hold() {
  case $(systemctl is-active rsyslog) in inactive | failed | unknown) return 0 ;; esac
  # Without either it sends nothing of ours, and nothing that waits in a journal.
  [ -e "$configuration" ] || [ -e "$journal" ] || return 0
  systemctl stop provision-unhold.service 2>/dev/null
  systemctl reset-failed provision-unhold.timer provision-unhold.service 2>/dev/null
  systemd-run -q --collect --unit=provision-unhold --on-active="$1" --timer-property=AccuracySec=1s sh -c "$end_hold" ||
    give_up 'no timer could be set that would end the hold; nothing was stopped'
  pid=$(systemctl show -p MainPID --value rsyslog)
  if grep -q '/imjournal\.so' "/proc/$pid/maps"; then
    # With its socket: a line that somebody writes there must not start it again.
    if systemctl cat syslog.socket >/dev/null 2>&1; then set -- rsyslog syslog.socket; else set -- rsyslog; fi
    systemctl stop "$@" || give_up 'rsyslogd could not be stopped'
    case $(systemctl is-active rsyslog) in
      inactive | failed) ;;
      *) give_up 'rsyslogd was stopped, and something started it again' ;;
    esac
  elif [ -e "$configuration" ]; then
    # Nobody answers there. The end of the hold need not wait for a line to be sent: while rsyslogd stops, the socket holds few.
    sed -E 's/\btarget="[^"]*"/target="127.0.0.1" queue.timeoutActionCompletion="1"/; s/\bport="[^"]*"/port="9"/' \
      "$configuration" >/run/provision-hold.conf
    grep -q 'target="127.0.0.1".*port="9"' /run/provision-hold.conf || give_up "$configuration names no target and port"
    mount --bind /run/provision-hold.conf "$configuration" || give_up "nothing can be mounted over $configuration"
    systemctl restart rsyslog || give_up 'rsyslogd could not be restarted'
  fi
}
# A client that did not start again must not keep the others from being held.
if [ $# = 0 ]; then
  release
else
  release
  hold "$1"
fi
