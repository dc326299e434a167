#!/bin/sh
# renew.sh NAME CERTIFICATE PLACE DIRECTORY SERVICE PORT SECONDS [CERTBOT_OPTION...], behind containers.sh of the role compose_common
# Renews the certificate NAME: certbot's hooks stop Traefik, install what was issued, restart Logstash and start Traefik again. Then it is
# proven that the new certificate is served, and that each client that was connected before is again, and sends. certbot's own timer does
# the same without the proof.
name=$1 certificate=$2 place=$3 directory=$4 service=$5 port=$6 seconds=$7
shift 7
closed=/var/lib/provision/port-80
bytes() { # ADDRESS BYTES of every connection to the port
  pid=$(docker inspect -f '{{.State.Pid}}' "$(provision_containers "$directory" "$service" | head -n 1)" 2>/dev/null) || return 0
  nsenter -t "$pid" -n ss -Htin state established "( sport = :$port )" 2>/dev/null | awk '
    /^[0-9]/ { peer = $4; sub(/:[0-9]*$/, "", peer); gsub(/[][]|::ffff:/, "", peer); next }
    match($0, /bytes_received:[0-9]+/) { count[peer] += substr($0, RSTART + 15, RLENGTH - 15) }
    END { for (peer in count) print peer, count[peer] }'
}
of() { printf '%s\n' "$1" | awk -v peer="$2" '$1 == peer { print $2 }'; }

before=$(bytes | cut -d' ' -f1)
mark=$(mktemp) || exit 1
trap 'rm -f "$mark"' EXIT
roots=/etc/letsencrypt/provision/roots.pem # with the root of an ACME service of one's own
if [ -e "$roots" ]; then export REQUESTS_CA_BUNDLE="$roots"; fi
certbot renew --cert-name "$name" --no-random-sleep-on-renew "$@" || exit 1
find "$closed" -name '*.closed' -newer "$mark" -exec cat {} + 2>/dev/null
cmp -s "$certificate" "$place/fullchain.pem" || { echo "$place does not hold the certificate that was issued" >&2; exit 1; }
first=$(bytes)
end=$(($(date +%s) + seconds)) code=0
for peer in $before; do
  while :; do
    now=$(bytes)
    old=$(of "$first" "$peer") new=$(of "$now" "$peer")
    [ -n "$old" ] || { first=$now; old=$new; }
    if [ -n "$old" ] && [ "${new:-0}" -gt "$old" ]; then echo "$peer sends again, over TLS"; break; fi
    [ "$(date +%s)" -lt "$end" ] || { echo "nothing came from $peer within $seconds s" >&2; code=1; break; }
    sleep 0.5
  done
done
exit "$code"
