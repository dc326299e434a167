#!/bin/sh
# empty-directories.sh DIRECTORY...
# Prints those of the directories in which no file is, at whatever depth.
for directory; do
  if [ -d "$directory" ] && [ -z "$(find "$directory" ! -type d)" ]; then printf '%s\n' "$directory"; fi
done
