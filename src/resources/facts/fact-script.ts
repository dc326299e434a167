import { localFactsScript } from './local-facts.ts';

// Read by one process, each headed by its name.
const files = [
  '/proc/sys/kernel/hostname',
  '/proc/sys/kernel/ostype',
  '/proc/sys/kernel/osrelease',
  '/proc/sys/kernel/version',
  '/etc/os-release',
  '/etc/debian_version',
  '/etc/machine-id',
  '/proc/1/comm',
  '/proc/meminfo',
  '/proc/uptime',
  '/proc/loadavg',
  '/proc/self/mounts',
  '/sys/class/dmi/id/product_name',
  '/sys/class/dmi/id/sys_vendor',
  '/sys/fs/selinux/enforce',
  '/sys/module/apparmor/parameters/enabled',
] as const;

const commands: readonly (readonly [string, string])[] = [
  ['uname', 'uname -m'],
  ['id', 'echo "$provision_id"'],
  ['passwd', 'getent passwd "$provision_uid"'],
  ['fqdn', 'timeout 2 hostname -f'],
  ['date', "date '+%Y|%m|%d|%H|%M|%S|%s|%Z|%z|%A|%w|%W'"],
  ['nproc', 'nproc --all'],
  // Not `sort /proc/cpuinfo`: sort takes it for an empty file and spills into temporary files.
  ['cpuinfo', "grep -E '^(physical id|cpu cores|siblings|model name)' /proc/cpuinfo | sort -u"],
  ['virtual', 'systemd-detect-virt'],
  ['address', 'ip -o address show'],
  ['route4', 'ip -4 route show default'],
  ['route6', 'ip -6 route show default'],
];

/**
 * One sh snippet that tells all facts with a handful of processes.
 * @param directory where the host keeps facts of its own
 */
export function factScript(directory: string): string {
  return [
    'provision_part() { printf "\\n==> %s <==\\n" "$1"; }',
    'provision_part environment',
    'for provision_name in PATH HOME LANG LC_ALL SHELL USER TZ; do',
    '  eval "[ -z \\"\\${$provision_name+x}\\" ] || printf \'%s=%s\\\\n\' $provision_name \\"\\$$provision_name\\""',
    'done',
    'PATH=$PATH:/usr/sbin:/sbin',
    'provision_id=$(id); provision_uid=${provision_id#uid=}; provision_uid=${provision_uid%%[!0-9]*}',
    ...commands.flatMap(([name, command]) => [`provision_part ${name}`, `${command} 2>/dev/null`]),
    'provision_part links',
    'for provision_name in /sys/class/net/*; do',
    '  [ -r "$provision_name/address" ] || continue',
    '  provision_mac=; provision_mtu=; provision_up=',
    '  read -r provision_mac <"$provision_name/address"; read -r provision_mtu <"$provision_name/mtu"',
    '  read -r provision_up <"$provision_name/operstate"',
    '  echo "${provision_name##*/} $provision_mac $provision_mtu $provision_up"',
    'done 2>/dev/null',
    'provision_part tools',
    'for provision_name in apt-get dnf yum zypper pacman apk; do',
    '  if command -v "$provision_name" >/dev/null; then echo "$provision_name"; fi',
    'done',
    'provision_part systemd',
    '[ ! -d /run/systemd/system ] || echo yes',
    'provision_part local',
    localFactsScript(directory),
    'echo',
    `tail -v -n +1 ${files.join(' ')} 2>/dev/null`,
    ':',
  ].join('\n');
}

const known = new Set<string>([
  ...files,
  ...commands.map(([name]) => name),
  'environment',
  'links',
  'tools',
  'systemd',
  'local',
]);

/** Cuts the answer into its parts; a heading that was not asked for is text. */
export function readParts(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const name = /^==> (\S+) <==$/.exec(line)?.[1];
    if (name !== undefined && known.has(name) && !parts.has(name)) {
      lines = [];
      parts.set(name, lines);
    } else lines.push(line);
  }
  return new Map([...parts].map(([name, part]) => [name, part.join('\n').replace(/\n+$/, '')]));
}
