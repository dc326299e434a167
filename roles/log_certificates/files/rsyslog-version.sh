#!/bin/sh
# Prints the version of rsyslog that is installed, else the one that would be; where package lists were never fetched, what the
# distribution's release has at least. Prints an empty line where that is unknown. It writes nothing, not even apt's cache.
version=$(dpkg-query -W -f '${db:Status-Status} ${Version}' rsyslog 2>/dev/null)
case $version in 'installed '*) version=${version#installed } ;; *) version= ;; esac
[ -n "$version" ] || version=$(apt-cache -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= policy rsyslog 2>/dev/null |
  sed -n 's/^ *Candidate: *\([0-9].*\)/\1/p')
if [ -z "$version" ]; then
  # shellcheck source=/dev/null
  . /etc/os-release
  case $ID:${VERSION_ID:-0} in
    debian:11 | raspbian:11) version=8.2102 ;;
    ubuntu:20.*) version=8.2001 ;;
    ubuntu:22.04) version=8.2112 ;;
    debian:1[2-9] | raspbian:1[2-9] | ubuntu:2[3-9].*) version=8.2302 ;;
  esac
fi
printf '%s\n' "${version%%[-+~]*}"
