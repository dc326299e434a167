#!/bin/sh
# acme-json.sh FILE NAME PLACE
# Takes the certificate for NAME and its key out of Traefik's acme.json (its version 2 and later) and puts them into PLACE as fullchain.pem and
# privkey.pem, when they differ from what is there. Prints `changed` when they did. Neither is ever shown.
file=$1 name=$2 place=$3
umask 077
mkdir -p "$place" || exit 1
[ -r "$file" ] || { echo "there is no $file" >&2; exit 1; }
# Strings of the file one a line, a key with its colon; a certificate comes behind its names and before its key.
found=$(tr -d '\n\r\t' <"$file" | grep -o '"[^"]*" *:\{0,1\}\|[]{}[]' | awk -v name="$name" '
  { text = $0; colon = sub(/ *:$/, "", text); sub(/ +$/, "", text); gsub(/^"|"$/, "", text) }
  colon { key = text; if (key == "domain") { fits = 0; inside = 1 } ; next }
  text == "}" { inside = 0; next }
  text ~ /^[{\[\]]$/ { next }
  inside && text == name { fits = 1 }
  inside && index(text, "*.") == 1 && index(name, ".") && substr(text, 2) == substr(name, index(name, ".")) { fits = 1 }
  key == "certificate" && fits { certificate = text }
  key == "key" && fits && certificate != "" { print certificate; print text; exit }
')
[ -n "$found" ] || { echo "$file has no certificate for $name" >&2; exit 1; }
new=$place/.new
rm -rf "$new" && mkdir "$new" || exit 1
trap 'rm -rf "$new"' EXIT
printf '%s\n' "$found" | head -n 1 | base64 -d >"$new/fullchain.pem" && printf '%s\n' "$found" | tail -n 1 | base64 -d >"$new/privkey.pem" || exit 1
public=$(openssl pkey -in "$new/privkey.pem" -pubout 2>/dev/null)
[ -n "$public" ] && [ "$(openssl x509 -in "$new/fullchain.pem" -noout -pubkey 2>/dev/null)" = "$public" ] ||
  { echo "the certificate for $name in $file and its key do not belong together" >&2; exit 1; }
if cmp -s "$new/fullchain.pem" "$place/fullchain.pem" && cmp -s "$new/privkey.pem" "$place/privkey.pem"; then exit 0; fi
sync "$new/fullchain.pem" "$new/privkey.pem" && mv -f "$new/privkey.pem" "$new/fullchain.pem" "$place/" && echo changed
