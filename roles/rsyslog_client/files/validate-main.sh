#!/bin/sh
# validate-main.sh NEW
# Checks NEW in the place of /etc/rsyslog.conf, where AppArmor lets rsyslogd read it.
stage=$(mktemp -d /etc/rsyslog.d/.provision-check-XXXXXX) || exit 1
trap 'rm -rf -- "$stage"' EXIT
cp -- "$1" "$stage/rsyslog.conf" || exit 1
said=$(rsyslogd -N1 -f "$stage/rsyslog.conf" 2>&1)
code=$?
[ "$code" = 0 ] || echo "$said" | sed "s#$stage#/etc#g"
exit "$code"
