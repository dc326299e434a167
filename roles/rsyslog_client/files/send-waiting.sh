#!/bin/sh
# send-waiting.sh CONFIGURATION
# Sends what waits in the queues of forwarders that were taken over: a second rsyslogd with CONFIGURATION, which has them and reads nothing,
# runs until their files are empty, a minute at most. Then CONFIGURATION is removed. What is left is named on stdout, and waits there: a later
# run tries again. `# queue PREFIX` in CONFIGURATION says how the names of their files begin.
configuration=$1
queues=$(sed -n 's/^# queue //p' "$configuration")
waits() { # the files of queues with lines in them
  printf '%s\n' "$queues" | while IFS= read -r queue; do
    for file in "$queue".[0-9]*; do [ ! -s "$file" ] || printf '%s\n' "$file"; done
  done
}
clean() { # what an empty queue leaves
  printf '%s\n' "$queues" | while IFS= read -r queue; do rm -f -- "$queue".qi "$queue".[0-9]*; done
  rm -f -- "$configuration"
}
if [ -z "$(waits)" ]; then
  clean
  exit 0
fi
# Where AppArmor lets rsyslogd read it.
stage=$(mktemp -d /etc/rsyslog.d/.provision-waiting-XXXXXX) || exit 1
trap 'rm -rf -- "$stage"' EXIT
{ cat -- "$configuration" && echo '*.* /dev/null'; } >"$stage/waiting" || exit 1
said=$stage/said
rsyslogd -n -iNONE -f "$stage/waiting" >"$said" 2>&1 &
daemon=$!
tries=600
while [ -n "$(waits)" ] && [ "$((tries -= 1))" -ge 0 ] && kill -0 "$daemon" 2>/dev/null; do sleep 0.1; done
kill "$daemon" 2>/dev/null
wait "$daemon"
left=$(waits)
if [ -z "$left" ]; then
  clean
else
  echo "lines still wait for the log server in $(printf '%s\n' "$left" | paste -sd ' '), in queues of before that could not be emptied within a minute:" \
    "$(grep -v '^$' "$said" | tail -n 2 | paste -sd ' '). They are tried again by the next run"
fi
