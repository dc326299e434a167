#!/bin/sh
# validate-nginx.sh REPLACED NEW
# Checks the whole configuration of nginx with the file NEW in the place of REPLACED: a part of it alone proves nothing. What nginx.conf
# names without a leading slash lies beside it, so that is where the copy is.
replaced=$1 new=$2
main=$(mktemp /etc/nginx/.provision-check-XXXXXX) && stage=$(mktemp -d /etc/nginx/.provision-check-XXXXXX) || exit 1
trap 'rm -rf -- "$stage" "$main"' EXIT
for file in /etc/nginx/modules-enabled/*.conf; do
  if [ -e "$file" ] && [ "$file" != "$replaced" ]; then cp -- "$file" "$stage/" || exit 1; fi
done
cp -- "$new" "$stage/${replaced##*/}" || exit 1
sed -e "s#/etc/nginx/modules-enabled/\*\.conf#$stage/*.conf#" -e "s#$replaced#$stage/${replaced##*/}#" /etc/nginx/nginx.conf >"$main" || exit 1
said=$(nginx -t -q -c "$main" 2>&1)
code=$?
[ "$code" = 0 ] || printf '%s\n' "$said" | sed -e "s#$main#/etc/nginx/nginx.conf#g" -e "s#$stage#${replaced%/*}#g"
exit "$code"
