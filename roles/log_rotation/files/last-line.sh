#!/bin/sh
# last-line.sh NAME FILE
# Prints the last line that the log server stored from NAME, in FILE or in what it was before it was rotated. Waits, at most ten seconds, until
# no more of its lines come.
name=$1 file=$2
content() { case $1 in *.gz) gzip -dc -- "$1" ;; *) cat -- "$1" ;; esac }
last() {
  for one in "$file" "$file".* "$file"-*; do
    [ -s "$one" ] && printf '%s %s\n' "$(stat -c %Y -- "$one")" "$one"
  done | sort -rn | while read -r _ one; do
    line=$(content "$one" | LC_ALL=C grep -a -F -- " $name " | LC_ALL=C grep -a '^[0-9][0-9T:.+-]*Z\{0,1\} [^ ]* ' | tail -n 1000 |
      while read -r time host rest; do [ "$host" != "$name" ] || printf '%s %s %s\n' "$time" "$host" "$rest"; done | tail -n 1)
    [ -z "$line" ] || { printf '%s\n' "$line" && break; }
  done
}
before='' tries=20
found=$(last)
while [ "$found" != "$before" ] && [ "$((tries -= 1))" -ge 0 ]; do
  sleep 0.5
  before=$found found=$(last)
done
printf '%s\n' "$found"
