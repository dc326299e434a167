#!/bin/sh
# certificate.sh WHAT LIVE NOTED RENEWAL KEY_TYPE SERVER AUTHENTICATOR SECONDS RENEW_DAYS WANTED...
# LIVE is the directory of the certificate, NOTED the file with the names that were asked for the last time: names that somebody else put
# into the certificate are kept. RENEWAL is certbot's file about it; what follows is how it is to be: SECONDS are those until a DNS record
# is seen. WHAT is printed:
#   names    the names to ask for, with a comma between them
#   kind     of the key: ecdsa, rsa, another word of openssl's; an empty line without a certificate
#   reasons  why a certificate must be asked for, one a line; nothing when the one that is there will do
what=$1 live=$2 noted=$3 renewal=$4 key_type=$5 server=$6 authenticator=$7 seconds=$8 renew_days=$9
shift 9
set -f # names may be wildcards
cert=$live/fullchain.pem
# No root matters here: openssl would read all that the host trusts at each call.
SSL_CERT_FILE=/dev/null
export SSL_CERT_FILE
wanted=$(printf '%s\n' "$@" | LC_ALL=C sort -u)
present=$(openssl x509 -in "$cert" -noout -ext subjectAltName 2>/dev/null | tr ',' '\n' | sed -n 's/^ *DNS://p' | LC_ALL=C sort -u)
asked=$(cat "$noted" 2>/dev/null)
has() { printf '%s\n' "$1" | grep -qxF -e "$2"; }
kind=$(openssl x509 -in "$cert" -noout -text 2>/dev/null | sed -n 's/^ *Public Key Algorithm: //p')
case $kind in
  id-ecPublicKey) kind=ecdsa ;;
  rsaEncryption) kind=rsa ;;
esac

names() {
  all=
  for name in "$@"; do all="$all,$name"; done
  for name in $present; do
    has "$wanted" "$name" || has "$asked" "$name" || all="$all,$name"
  done
  printf '%s\n' "${all#,}"
}

said() { sed -n "s/^$1 *= *//p" "$renewal" 2>/dev/null; }

reasons() {
  [ -e "$cert" ] || { echo 'there is none yet'; return; }
  end=$(openssl x509 -in "$cert" -noout -enddate 2>/dev/null) || { echo "$cert is damaged"; return; }
  for name in $wanted; do
    has "$present" "$name" || has "$present" "*.${name#*.}" || echo "$name is not among its names"
  done
  for name in $present; do
    has "$wanted" "$name" || ! has "$asked" "$name" || echo "$name is no longer wanted"
  done
  [ "$(openssl x509 -in "$cert" -noout -pubkey)" = "$(openssl pkey -in "$live/privkey.pem" -pubout 2>/dev/null)" ] ||
    echo 'its key is missing or belongs to another certificate'
  [ -z "$key_type" ] || [ "$kind" = "$key_type" ] || echo "its key is $kind, not $key_type"
  from=$(said server)
  [ -z "$from" ] || [ "$from" = "$server" ] || echo "it comes from $from"
  case $(said authenticator) in
    '' | "$authenticator") ;;
    standalone | dns-cloudflare) echo "it is renewed by $(said authenticator), not by $authenticator" ;;
  esac # any other way is somebody's own, and stays
  waits=$(said dns_cloudflare_propagation_seconds)
  case $authenticator,$waits in
    standalone,* | *, | *,"$seconds") ;;
    *) echo "its renewal waits $waits s for DNS, not $seconds" ;;
  esac
  now=$(date +%s)
  end=$(date -d "${end#*=}" +%s)
  start=$(date -d "$(openssl x509 -in "$cert" -noout -startdate | cut -d= -f2)" +%s)
  limit=$((renew_days * 86400))
  [ "$limit" -ge 0 ] || limit=$(((end - start) / 5))
  if [ "$end" -le "$now" ]; then
    echo "it expired on $(date -u -d "@$end" +%Y-%m-%d)"
  elif [ $((end - now)) -lt "$limit" ]; then
    echo "only $(((end - now) / 86400)) days are left, and certbot.timer ($(systemctl is-active certbot.timer)) did not renew it"
  fi
}

case $what in
  names) names "$@" ;;
  kind) printf '%s\n' "$kind" ;;
  reasons) reasons ;;
esac
true
