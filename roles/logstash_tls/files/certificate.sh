#!/bin/sh
# certificate.sh WHAT CERTIFICATE KEY PLACE UID DIRECTORY SERVICE PORT SECONDS
# CERTIFICATE (with its chain) and KEY are copied to PLACE, which the container of SERVICE reads; UID is who reads them there. WHAT is
#   due      prints why they are to be copied, one reason a line; nothing when all is as it should be
#   install  copies them: the key as PKCS#8, which every version of Logstash reads
#   restart  restarts the container and waits until PORT presents the certificate, at most SECONDS
# With `restart` it stands behind containers.sh of the role compose_common.
what=$1 certificate=$2 key=$3 place=$4 uid=$5 directory=$6 service=$7 port=$8 seconds=$9
public() { openssl pkey -in "$1" -pubout 2>/dev/null; }
# Without the roots that the host trusts, which openssl would read at each call.
fingerprint() { SSL_CERT_FILE=/dev/null openssl x509 -noout -fingerprint -sha256 2>/dev/null; }

due() {
  [ -e "$place/fullchain.pem" ] && [ -e "$place/privkey.pem" ] || { echo 'there is none yet'; return; }
  cmp -s "$certificate" "$place/fullchain.pem" || echo 'another one was issued'
  [ "$(public "$key")" = "$(public "$place/privkey.pem")" ] || echo 'its key is another one'
  [ "$(stat -c '%u %a' "$place/privkey.pem")" = "$uid 400" ] || echo 'its key may be read by others, or not by Logstash'
}

install() {
  [ -n "$(public "$key")" ] && [ "$(public "$key")" = "$(openssl x509 -in "$certificate" -noout -pubkey)" ] ||
    { echo "$key is not the key of $certificate" >&2; exit 1; }
  umask 077
  new=$place/.new
  rm -rf "$new" && mkdir "$new" || exit 1
  trap 'rm -rf "$new"' EXIT
  cat "$certificate" >"$new/fullchain.pem" && openssl pkey -in "$key" -out "$new/privkey.pem" || exit 1
  chmod 0444 "$new/fullchain.pem" && chmod 0400 "$new/privkey.pem" && chown "$uid" "$new/privkey.pem" || exit 1
  sync "$new/fullchain.pem" "$new/privkey.pem" && mv -f "$new/privkey.pem" "$new/fullchain.pem" "$place/"
}

# Asked where the container itself listens, whatever is published.
presented() {
  pid=$(docker inspect -f '{{.State.Pid}}' "$id" 2>/dev/null) && [ "${pid:-0}" != 0 ] || return 1
  SSL_CERT_FILE=/dev/null nsenter -t "$pid" -n timeout 5 openssl s_client -connect "127.0.0.1:$port" 2>/dev/null </dev/null | fingerprint
}

served() {
  wanted=$(fingerprint <"$place/fullchain.pem")
  end=$(($(date +%s) + seconds))
  while ! { found=$(presented) && [ "$found" = "$wanted" ]; }; do
    [ "$(date +%s)" -lt "$end" ] || {
      echo "port $port of $service presents ${found:-no certificate}, not $wanted; the container's last words:" >&2
      docker logs --tail 10 "$id" >&2
      return 1
    }
    sleep 0.2
  done
}

restart() {
  # shellcheck disable=SC2046 # a list of words
  set -- $(provision_containers "$directory" "$service" -a)
  id=$1
  [ -n "$id" ] || return 0 # it reads them at its first start
  docker restart --time 30 "$@" >/dev/null && served
}

case $what in
  due) due ;;
  install) install ;;
  restart) restart ;;
esac
