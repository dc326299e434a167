#!/bin/sh
# ufw-senders.sh differs|set [PORTS SENDER...]
# Lets only these senders reach the ports (`6514/tcp 514/udp`) through ufw; without senders takes our rules away. `differs` changes nothing and
# prints the rules that would be there. Ours are known by their comment.
action=$1 ports=$2 note='provision log server'
shift
[ $# = 0 ] || shift
wanted=$(
  for port in $ports; do
    for sender; do echo "allow from $sender to any port ${port%/*} proto ${port#*/}"; done
    [ $# = 0 ] || echo "deny from any to any port ${port%/*} proto ${port#*/}"
  done
)
# `ufw show added` prints them as they would be typed, in their order; who may be anybody is left out there.
there=$(LC_ALL=C ufw show added | sed -n -e "s/^ufw \(.*\) comment '$note'\$/\1/" -e 't own' -e d \
  -e :own -e 's#^\([a-z]*\) \([0-9]*\)/\([a-z]*\)$#\1 from any to any port \2 proto \3#' -e p)
[ "$wanted" != "$there" ] || exit 0
if [ "$action" = differs ]; then
  printf '%s\n' "${wanted:-no rules}"
  exit 0
fi
printf '%s\n' "$there" | while read -r rule; do
  # shellcheck disable=SC2086 # the words of a rule
  [ -z "$rule" ] || ufw --force delete $rule >/dev/null || exit 1
done || exit 1
printf '%s\n' "$wanted" | while read -r rule; do
  # shellcheck disable=SC2086 # the words of a rule
  [ -z "$rule" ] || ufw $rule comment "$note" >/dev/null || exit 1
done
