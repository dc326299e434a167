#!/bin/sh
# catch-up.sh LINE PLACE QUEUE FIND
# Lets rsyslogd, which does not run, send once more what the log server refused: it reads the journal again, from behind the entry that the
# server stored last. LINE is that entry as the server has it, PLACE the file that says up to where the journal was read, FIND (Perl) finds the
# entry. Lines that wait in the files QUEUE* stand in the journal, too, and are removed; but if any is of a file that rsyslogd reads (imfile),
# all stay: then those of the journal come twice.
line=$1 place=$2 queue=$3 find=$4
if [ ! -s "$place" ]; then
  echo "rsyslogd reads no journal here: what the log server refused cannot be sent again" >&2
  exit 0
fi
journalctl --sync
second=$(printf '%s\n' "$line" | sed -n 's/^\([0-9]\{4\}-[0-9][0-9]-[0-9][0-9]\)T\([0-9][0-9]:[0-9][0-9]:[0-9][0-9]\).*/\1 \2/p')
if [ -n "$second" ]; then
  cursor=$(journalctl -q -o export --since "$second" | perl -e "$find" "$second" "$line")
  # A line that is not found again: all of its second is sent, for a line that comes twice is better than one that is lost.
  [ -n "$cursor" ] || cursor=$(journalctl -q -o export -n 1 --until "$second" | sed -n '/^__CURSOR=/{s///p;q;}')
fi
# Nothing was stored yet, or before the journal begins.
[ -n "$cursor" ] || cursor=$(journalctl -q -o export | sed -n '/^__CURSOR=/{s///p;q;}')
cat -- "$queue"* 2>/dev/null | grep -aq '^+pszInputName:[0-9:]*:imfile:' || rm -f -- "$queue"*
(umask 077 && printf %s "$cursor" >"$place.new") && chown --reference="$place" -- "$place.new" && mv -- "$place.new" "$place"
