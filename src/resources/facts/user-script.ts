/**
 * sh code that prints the `id` of who runs it, as `UID GID`, and that user's line of `passwd`.
 * Both are read without a process where the file of users counts first, as nearly everywhere; of a long file only a part.
 */
export const userScript = `provision_uid=0 provision_gid=0
while read -r provision_name provision_value provision_skip; do
  case $provision_name in
  Uid:) provision_uid=$provision_value ;;
  Gid:) provision_gid=$provision_value; break ;;
  esac
done </proc/self/status
provision_part id
echo "$provision_uid $provision_gid"
provision_users=files provision_hosts=unknown
[ ! -r /etc/nsswitch.conf ] || while read -r provision_name provision_value provision_skip; do
  case $provision_name in
  passwd:) provision_users=$provision_value ;;
  hosts:) provision_hosts=$provision_value ;;
  esac
done </etc/nsswitch.conf
provision_line= provision_count=0
[ "$provision_users" != files ] || while IFS= read -r provision_line; do
  provision_value=\${provision_line#*:*:}
  [ "\${provision_value%%:*}" != "$provision_uid" ] || break
  provision_line= provision_count=$((provision_count + 1))
  [ "$provision_count" -lt 200 ] || break
done </etc/passwd
provision_part passwd
if [ -n "$provision_line" ]; then printf '%s\\n' "$provision_line"; else getent passwd "$provision_uid" 2>/dev/null; fi`;
