#!/bin/sh
# old-senders.sh ADDRESSES PORT...
# Prints the addresses that are connected to one of the ports, but for ADDRESSES (in one word): those of clients that were moved.
known=" $1 "
shift
for port; do
  ss -Htn state established "sport = :$port" | sed 's/^.* \([^ ]*\):[0-9]* *$/\1/'
done | sed 's/^\[\(.*\)\]$/\1/; s/^::ffff://' | sort -u | while IFS= read -r address; do
  case $known in *" $address "*) ;; *) printf '%s\n' "$address" ;; esac
done
