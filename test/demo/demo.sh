#!/bin/bash
# npm run demo: from nothing to a log server and two clients that exchange syslog over TLS, in a lab of real hosts.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/../lab/prepare.sh"
bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' plain=$'\e[0m'; fi
step=0
heading() {
  step=$((step + 1))
  printf '\n%s── %d. %s %s%s\n' "$bold" "$step" "$1" "$(printf '─%.0s' $(seq $((73 - ${#1}))))" "$plain"
}
show() { printf '%s$ %s%s\n' "$bold" "$*" "$plain"; }
can_make_hosts || { echo "npm run demo: needs root on Debian" >&2; exit 1; }

export LAB_NS=demo
lab=test/lab/lab
work=$(mktemp -d)
clean_up() {
  local code=$?
  trap - EXIT
  heading 'Take the lab down'
  "$lab" down
  rm -rf "$work"
  if [ "$code" = 0 ]; then echo 'Nothing of it is left but the image, for the next time.'; else echo "The demo failed (code $code)."; fi
  exit "$code"
}

heading 'Set-up: npm packages, Debian packages, build'
npm_packages
"$lab" packages
npm run -s build
echo "provision $(node dist/cli/main.js --version), Node $(node --version)"

heading 'A lab: the log server h1, the clients h2 and h3'
"$lab" down # what a demo that was killed has left
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
"$lab" up 3 bookworm
test/lab/acme-like authority "$work/authority"
test/lab/acme-like certbot "$work/authority" h1 logs.lab
echo 'Three hosts with systemd, sshd and apt, on a network of their own.'
echo 'h1 has a certificate for logs.lab where certbot leaves it:'
"$lab" exec h1 ls -l --time-style=+ /etc/letsencrypt/live/logs.lab | sed -n 's/^.* \([a-z]*\.pem\)/  \1/p'

# The lab's authority stands in for Let's Encrypt; the private CA of the clients goes where the demo can remove it.
provision() {
  show "provision $*"
  "$lab" exec ctl node dist/cli/main.js "$@" -i test/demo/inventory.yml \
    -e "log_root_file=$work/authority/root.pem" -e "log_ca_directory=$work/ca"
}

heading 'Apply'
provision apply playbooks/home-lab.yml

heading 'Apply again: nothing to change'
provision apply playbooks/home-lab.yml | tee "$work/again"
grep -q '^0 changed on ' "$work/again" || { echo 'demo: the second run changed something' >&2; exit 1; }

heading 'What arrives at the log server'
for host in h2 h3; do
  show "ssh $host logger -t demo 'hello from $host, over TLS'"
  "$lab" ssh "$host" "logger -t demo 'hello from $host, over TLS'"
done
for host in h2 h3; do
  "$lab" exec h1 timeout 20 sh -c 'until grep -qs "hello from $1" /var/log/remote/"$1"/*; do sleep 0.1; done' - "$host" ||
    { echo "demo: the line from $host did not arrive" >&2; exit 1; }
done
show "ssh h1 grep -h 'hello from' '/var/log/remote/*/*'"
"$lab" exec h1 sh -c 'grep -h "hello from" /var/log/remote/*/*'

heading 'The certificate is renewed, as certbot does every few weeks'
test/lab/acme-like renew "$work/authority" h1 logs.lab
code=0
provision certs playbooks/home-lab.yml || code=$?
[ "$code" = 2 ] || { echo "demo: a renewed certificate is due, but provision certs exits with $code" >&2; exit 1; }
provision apply playbooks/home-lab.yml --tags certificates
provision certs playbooks/home-lab.yml
