# shellcheck shell=bash disable=SC2034 # commands use what is set here
# What every command of the lab shares: names, places, and how to find a host's processes. Sourced, never run.
set -euo pipefail
umask 022
export PATH=$PATH:/usr/sbin:/sbin # `su` without `-` leaves them out
LAB=${BASH_SOURCE[0]%/*} # found without a subshell
[ "${LAB#/}" != "$LAB" ] || LAB=$PWD/$LAB
LAB=${LAB%/commands/..}
NS=${LAB_NS:-lab}                        # name of the lab, of its control namespace, and prefix of its hosts' namespaces
REGISTRY=/run/provision-lab              # one folder for each lab that is up
RUN=${LAB_RUN:-$REGISTRY/$NS}            # a tmpfs: everything about the running lab
NET=${LAB_NET:-198.18.0}                 # RFC 2544 range, routed nowhere; labs do not see each other, so they may share it
CACHE=${LAB_CACHE:-$LAB/img}             # images: BASE-HASH/root (the tree, or what differs), /layers (names of images, topmost first), /repo (packages)
CGROUP=provision-lab-$NS

die() { echo "lab: $*" >&2; exit 1; }
[ "$EUID" = 0 ] || die "needs root"
[[ $NS =~ ^[a-z][a-z0-9]{0,31}$ ]] || die "LAB_NS: '$NS' must be lower-case letters and digits, at most 32"

# directories of an image, as overlay wants them
lower_directories() { # IMAGE
  local layer directories=
  while read -r layer; do directories+=:${1%/*}/$layer/root; done <"$1/layers"
  echo "${directories#:}"
}

# every host of this lab that exists in any form, also after a crash
hosts() {
  { ls "$RUN/hosts" 2>/dev/null; ip netns list 2>/dev/null | sed -nE "s/^$NS-(h[0-9]+)( .*)?$/\1/p"; } | sort -Vu
}
known() { [ -d "$RUN/hosts/$1" ] || die "no host '$1' in lab '$NS' (up: $(hosts | tr '\n' ' '))"; }

# A process is remembered with its start time, so that a number used again is never mistaken for it. A zombie is dead.
# Neither a program nor a subshell is started for it: every `lab exec` asks.
born() { # PID: sets $birth; to nothing for one that is dead
  local stat fields
  birth=
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  read -ra fields <<<"${stat##*) }"
  [ "${fields[0]}" = Z ] || birth=${fields[19]}
}
remember() { # PID FILE
  born "$1"
  echo "$1 $birth" >"$2"
}
find_process() { # FILE: sets $process to the pid if that process still lives
  local time
  process=
  { read -r process time <"$1"; } 2>/dev/null || return 1
  born "$process"
  [ -n "$time" ] && [ "$birth" = "$time" ]
}
recall() { find_process "$1" && echo "$process"; } # FILE: prints that pid

# sets $init to the pid, seen from outside, of the host's PID 1
find_init() {
  init=
  find_process "$RUN/hosts/$1/nspawn.pid" || return 1
  { read -r init _ <"/proc/$process/task/$process/children"; } 2>/dev/null || true
  [ -n "$init" ]
}

cgroup2() { findmnt -rn -t cgroup2 -o TARGET | head -1; }
# the lab's own cgroups; without systemd as PID 1 nobody else makes them
cgroups() {
  local unified
  unified=$(cgroup2)
  echo "$unified/$CGROUP"
  if [ -d /sys/fs/cgroup/systemd/ ] && [ "$unified" != /sys/fs/cgroup ]; then echo "/sys/fs/cgroup/systemd/$CGROUP"; fi
}

# true when sshd answers with its banner within SECONDS
ssh_ready() { # HOST SECONDS
  ip netns exec "$NS" timeout "$2" bash -c '
    until { exec 3<>"/dev/tcp/$0/22"; } 2>/dev/null && read -r -t 5 _ <&3; do sleep 0.1; done' "$NET.${1#h}"
}
