#!/bin/sh
# Prints its name and each of its arguments, and ends with 3 where one is `fail`.
echo "${0##*/}"
for word; do echo "$word"; done
[ "$1" != fail ] || exit 3
