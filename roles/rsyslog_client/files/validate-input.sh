#!/bin/sh
# validate-input.sh REPLACED NEW
# Checks the whole configuration with the file NEW in the place of REPLACED, /etc/rsyslog.conf or one of /etc/rsyslog.d, where AppArmor lets
# rsyslogd read it. A file from elsewhere is checked when rsyslogd is to be restarted.
replaced=$1 new=$2 main=/etc/rsyslog.conf
case $replaced in "$main" | /etc/rsyslog.d/*.conf) ;; *) exit 0 ;; esac
stage=$(mktemp -d /etc/rsyslog.d/.provision-check-XXXXXX) || exit 1
trap 'rm -rf -- "$stage"' EXIT
if [ "$replaced" = "$main" ]; then
  cp -- "$new" "$stage/main" || exit 1
else
  for f in /etc/rsyslog.d/*.conf; do
    [ ! -f "$f" ] || cp -- "$f" "$stage/" || exit 1
  done
  cp -- "$new" "$stage/${replaced##*/}" || exit 1
  sed "s#/etc/rsyslog\.d/\*\.conf#$stage/*.conf#" "$main" >"$stage/main" || exit 1
fi
said=$(rsyslogd -N1 -f "$stage/main" 2>&1)
code=$?
[ "$code" = 0 ] || echo "$said" | sed -e "s#$stage/main#$main#g" -e "s#$stage#/etc/rsyslog.d#g"
exit "$code"
