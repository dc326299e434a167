#!/bin/sh
# validate-rotation.sh REPLACED NEW
# Reads the file NEW in the place of REPLACED as logrotate does, beside the other files of this host: none of them may have the same logs.
replaced=$1 new=$2
set --
for f in /etc/logrotate.d/*; do
  [ ! -f "$f" ] || [ "$f" = "$replaced" ] || [ "$f" = "$new" ] || set -- "$@" "$f"
done
# Faults of other files are not ours.
said=$(logrotate -d -s /dev/null "$@" "$new" 2>&1 | grep -F -e "$new:" | grep -F 'error: ')
[ -n "$said" ] || exit 0
echo "$said" | sed "s#$new#$replaced#g"
case $said in *duplicate*)
  top=$(sed -n 's#^"\([^"*]*\)/.*#\1#p' "$new" | head -n 1)
  echo "$(grep -lF -e "$top" "$@" </dev/null | tr '\n' ' ')has these logs already: take them out there, or set rsyslog_server_rotate: false"
  ;;
esac
exit 1
