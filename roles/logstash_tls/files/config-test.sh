#!/bin/sh
# config-test.sh FILE DIRECTORY SERVICE, behind containers.sh of the role compose_common
# Has the Logstash of a service's image judge a pipeline file, with --config.test_and_exit.
program=/usr/share/logstash/bin/logstash
id=$(provision_containers "$2" "$3" -a | head -n 1)
[ -n "$id" ] && docker cp -L "$id:$program" - >/dev/null 2>&1 || exit 0
image=$(docker inspect -f '{{.Image}}' "$id") || exit 1
copy=$(mktemp -d) || exit 1
trap 'rm -rf "$copy"' EXIT
chmod 0755 "$copy" && cp -- "$1" "$copy/new.conf" && chmod 0644 "$copy/new.conf" || exit 1
said=$(timeout 120 docker run --rm --network none -v "$copy:/provision-test:ro" --entrypoint "$program" "$image" \
  --path.data /tmp/provision-test --config.test_and_exit -f /provision-test/new.conf 2>&1) && exit 0
printf '%s\n' "$said" | tail -n 10 >&2
case $said in *[Uu]nknown\ setting*ssl_enabled*) echo 'This Logstash is older than 8.10: set logstash_before_8_10: true' >&2 ;; esac
exit 1
