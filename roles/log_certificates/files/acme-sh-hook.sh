#!/bin/sh
# acme-sh-hook.sh SETTINGS PROGRAM
# Prints whose program acme.sh runs after it has renewed a certificate, by its file of settings: none, ours (PROGRAM is in it) or another.
[ -r "$1" ] || { echo "there is no $1: is the certificate from acme.sh? Else set log_renewal_client" >&2; exit 1; }
hook=$(sed -n "s/^Le_RenewHook=//p" "$1" | tail -n 1 | tr -d "\"'")
case $hook in
  __ACME_BASE64__START_*) hook=${hook#__ACME_BASE64__START_} hook=$(printf '%s' "${hook%__ACME_BASE64__END_}" | base64 -d) ;;
esac
case $hook in
  '') echo none ;;
  *"$2"*) echo ours ;;
  *) echo another ;;
esac
