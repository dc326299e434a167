#!/bin/sh
# make.sh FILES DIRECTORY KEY_FILE
# Makes an encrypted directory of gocryptfs in FILES, to be mounted on DIRECTORY. The passphrase is in KEY_FILE, or comes over stdin.
files=$1 directory=$2 key=$3
if [ -d "$directory" ] && [ -n "$(ls -A "$directory")" ]; then
  echo "$directory holds files already, in the clear: with rsyslogd stopped move it aside (mv $directory $directory.clear), apply, and copy them into it (cp -a $directory.clear/. $directory/)" >&2
  exit 1
fi
umask 077
mkdir -p "$files" || exit 1
if [ -n "$key" ]; then
  [ -s "$key" ] || { echo "$key is missing or empty: write the passphrase into it, for root alone" >&2; exit 1; }
  exec gocryptfs -init -q -passfile "$key" "$files"
fi
exec gocryptfs -init -q -passfile /dev/stdin "$files"
