/**
 * sh code that gives the host's full name as `fqdn`: what `hostname -f` says, read from /etc/hosts where that file counts
 * first and names the host. It follows userScript, which reads $provision_hosts.
 */
export const fullNameScript = `provision_node= provision_full= provision_doubt=
read -r provision_node 2>/dev/null </proc/sys/kernel/hostname
set -f
[ "$provision_hosts" != files ] || [ -z "$provision_node" ] || while read -r provision_line; do
  set -- \${provision_line%%#*}
  [ "$#" -ge 2 ] || continue
  provision_address=$1
  shift
  for provision_name; do
    [ "$provision_name" = "$provision_node" ] || continue
    provision_full=\${provision_full:-$1}
    # Which of two names counts depends on the kind of address that is looked for first.
    case $provision_address in *:*) [ "$provision_full" = "$1" ] || provision_doubt=yes ;; esac
    break
  done
done </etc/hosts
set +f
provision_part fqdn
if [ -n "$provision_full" ] && [ -z "$provision_doubt" ]; then printf '%s\\n' "$provision_full"
else timeout 2 hostname -f 2>/dev/null; fi`;
