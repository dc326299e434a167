/** sh code that prints what is asked of a host, changes nothing, and needs what every host has: `word value` lines. */
export const hostScript = `LC_ALL=C; export LC_ALL
printf 'uid %s\\n' "$(id -u)"
for directory in / /var /var/log /var/spool; do
  [ ! -d "$directory" ] || df -Pk -- "$directory" 2>/dev/null | { read -r skip; read -r device total used free skip; printf 'disk %s %s %s\\n' "$total" "$free" "$directory"; }
done
if command -v rsyslogd >/dev/null 2>&1; then
  printf 'rsyslog %s\\n' "$(rsyslogd -v 2>/dev/null | head -n 1)"
  printf 'daemon %s\\n' "$(systemctl is-active rsyslog 2>/dev/null)"
  for driver in ossl gtls; do
    for file in /usr/lib/*/rsyslog/lmnsd_$driver.so /usr/lib/rsyslog/lmnsd_$driver.so; do [ ! -e "$file" ] || { printf 'driver %s\\n' "$driver"; break; }; done
  done
fi
if [ -r /sys/kernel/security/apparmor/profiles ]; then
  while IFS= read -r line; do case $line in *rsyslogd*) printf 'apparmor %s\\n' "$line" ;; esac; done </sys/kernel/security/apparmor/profiles
fi
true`;
