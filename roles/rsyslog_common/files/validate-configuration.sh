#!/bin/sh
# validate-configuration.sh REPLACED NEW [GONE]
# Checks the whole configuration in a staging place, with the file NEW in the place of REPLACED and without the file GONE: a drop-in alone
# proves nothing.
stage=$(mktemp -d /etc/rsyslog.d/.provision-check-XXXXXX) || exit 1
trap 'rm -rf -- "$stage"' EXIT
replaced=$1 new=$2 gone=$3
set --
for f in /etc/rsyslog.d/*.conf; do
  [ ! -e "$f" ] || [ "$f" = "$replaced" ] || [ "$f" = "$gone" ] || set -- "$@" "$f"
done
[ $# = 0 ] || cp -- "$@" "$stage/" || exit 1
cp -- "$new" "$stage/${replaced##*/}" || exit 1
sed "s#/etc/rsyslog\.d/\*\.conf#$stage/*.conf#" /etc/rsyslog.conf >"$stage/main" || exit 1
said=$(rsyslogd -N1 -f "$stage/main" 2>&1)
code=$?
[ "$code" = 0 ] || echo "$said" | sed -e "s#$stage/main#/etc/rsyslog.conf#g" -e "s#$stage#/etc/rsyslog.d#g"
exit "$code"
