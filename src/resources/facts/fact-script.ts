import { systemPath } from '../../shell/system-path.ts';
import { fullNameScript } from './full-name.ts';
import { localFactsScript } from './local-facts.ts';
import { keyTypes, machineNames } from './system-facts.ts';
import { userScript } from './user-script.ts';

// Read by one process, each headed by its name.
const files = [
  '/proc/sys/kernel/hostname',
  '/proc/sys/kernel/ostype',
  '/proc/sys/kernel/osrelease',
  '/proc/sys/kernel/version',
  '/proc/sys/kernel/arch',
  '/etc/os-release',
  '/etc/debian_version',
  '/etc/machine-id',
  '/proc/1/comm',
  '/proc/meminfo',
  '/proc/uptime',
  '/proc/loadavg',
  '/proc/self/mounts',
  '/sys/devices/system/cpu/present',
  ...machineNames.map((name) => `/sys/class/dmi/id/${name}`),
  ...keyTypes.map((type) => `/etc/ssh/ssh_host_${type}_key.pub`),
  '/etc/resolv.conf',
  '/proc/cmdline',
  '/proc/sys/crypto/fips_enabled',
  '/var/lib/dpkg/arch',
  '/sys/fs/selinux/enforce',
  '/sys/module/apparmor/parameters/enabled',
] as const;

const part = (name: string) => `provision_part ${name}`;

const environment = [
  part('environment'),
  'for provision_name in PATH HOME LANG LC_ALL SHELL USER TZ; do',
  '  eval "[ -z \\"\\${$provision_name+x}\\" ] || printf \'%s=%s\\\\n\' $provision_name \\"\\$$provision_name\\""',
  'done',
];

// Kernels before 6.1 do not name their machine in a file, and a process may be shown another one; processors that may still be plugged in are no processors yet.
const machine = [
  'provision_personality=; { read -r provision_personality </proc/self/personality; } 2>/dev/null',
  'case $provision_personality in',
  '*00) [ -r /proc/sys/kernel/arch ] || provision_personality= ;;',
  '*) provision_personality= ;;',
  'esac',
  `[ -n "$provision_personality" ] || { ${part('uname')}; uname -m; }`,
  'provision_present=; provision_possible=',
  '{ read -r provision_present </sys/devices/system/cpu/present; read -r provision_possible </sys/devices/system/cpu/possible; } 2>/dev/null',
  `[ -n "$provision_present" ] && [ "$provision_present" = "$provision_possible" ] || { ${part('nproc')}; nproc --all 2>/dev/null; }`,
  'set -- /sys/devices/system/cpu/cpu[0-9]*',
  'provision_cpuinfo=/proc/cpuinfo',
  // Of many processors only what differs is sent. Not `sort /proc/cpuinfo`: sort takes it for an empty file.
  `if [ "$#" -gt 8 ]; then provision_cpuinfo=; ${part('cpuinfo')}; grep -E '^(physical id|cpu cores|siblings|model name)' /proc/cpuinfo; fi`,
  part('virtual'),
  'systemd-detect-virt 2>/dev/null',
];

// The kernel's own tables say whether there is a way out at all; only `ip` says which address it is taken with.
// A table of IPv6 is not sorted and holds those of all rules: where it is long, `ip` is asked anyway.
const network = [
  part('links'),
  'for provision_name in /sys/class/net/*; do',
  '  [ -r "$provision_name/address" ] || continue',
  '  provision_mac=; provision_mtu=; provision_up=',
  '  read -r provision_mac <"$provision_name/address"; read -r provision_mtu <"$provision_name/mtu"',
  '  read -r provision_up <"$provision_name/operstate"',
  '  echo "${provision_name##*/} $provision_mac $provision_mtu $provision_up"',
  'done 2>/dev/null',
  part('address'),
  'ip -o address show 2>/dev/null',
  'provision_way=',
  'while read -r provision_device provision_to provision_skip provision_skip provision_skip provision_skip provision_skip provision_mask provision_skip; do',
  '  case $provision_to:$provision_mask in',
  '  Destination:*) ;;',
  '  00000000:00000000) provision_way=yes; break ;;',
  '  00000000:*) ;;',
  '  *) break ;;',
  '  esac',
  'done 2>/dev/null </proc/net/route || provision_way=unknown',
  `[ -z "$provision_way" ] || { ${part('route4')}; ip -4 route show default 2>/dev/null; }`,
  'provision_way= provision_count=0',
  '[ ! -e /proc/net/ipv6_route ] || while read -r provision_to provision_bits provision_skip provision_skip provision_skip provision_skip provision_skip provision_skip provision_skip provision_device; do',
  '  provision_count=$((provision_count + 1))',
  '  case $provision_to:$provision_bits:$provision_device in',
  '  00000000000000000000000000000000:00:lo) ;;',
  '  00000000000000000000000000000000:00:*) provision_way=yes; break ;;',
  '  esac',
  '  if [ "$provision_count" -ge 100 ]; then provision_way=unknown; break; fi',
  'done 2>/dev/null </proc/net/ipv6_route',
  `[ -z "$provision_way" ] || { ${part('route6')}; ip -6 route show default 2>/dev/null; }`,
];

// The directory of its library says which Python there is, without starting it.
const python = [
  part('python'),
  '[ ! -x /usr/bin/python3 ] || for provision_name in /usr/lib/python3.[0-9]*; do',
  '  [ ! -d "$provision_name" ] || [ ! -x "/usr/bin/${provision_name##*/}" ] || echo "${provision_name##*/}"',
  'done',
];

// Of a disk and its parts: kind, name, sectors, and what the kernel says of it.
const devices = [
  part('devices'),
  'provision_line() { provision_value=; { read -r provision_value <"$1"; } 2>/dev/null; printf "%s|" "$provision_value"; }',
  'for provision_name in /sys/block/*; do',
  '  case $provision_name in */loop*|*/ram*|*/zram*|*\\*) continue ;; esac',
  '  printf "disk|%s|" "${provision_name##*/}"',
  '  for provision_of in size removable ro queue/rotational queue/hw_sector_size device/model device/vendor; do provision_line "$provision_name/$provision_of"; done',
  '  echo',
  '  for provision_part in "$provision_name/${provision_name##*/}"*; do',
  '    [ -r "$provision_part/partition" ] || continue',
  '    printf "part|%s|" "${provision_part##*/}"',
  '    for provision_of in size start; do provision_line "$provision_part/$provision_of"; done',
  '    echo',
  '  done',
  'done',
];

const system = [
  part('tools'),
  'for provision_name in apt-get dnf yum zypper pacman apk; do',
  '  if command -v "$provision_name" >/dev/null; then echo "$provision_name"; break; fi',
  'done',
  part('systemd'),
  '[ ! -d /run/systemd/system ] || echo yes',
];

/**
 * One sh snippet that prints all facts but the time, with three processes where the kernel gives the rest in files.
 * @param directory where the host keeps facts of its own
 */
export function factScript(directory: string): string {
  return [
    'provision_part() { printf "\\n==> %s <==\\n" "$1"; }',
    ...environment,
    systemPath,
    ...machine,
    userScript,
    fullNameScript,
    ...network,
    ...python,
    ...devices,
    ...system,
    part('local'),
    localFactsScript(directory),
    'echo',
    // Some of them are missing everywhere: the code says nothing.
    `exec tail -v -n +1 ${files.join(' ')} $provision_cpuinfo 2>/dev/null`,
  ].join('\n');
}

const known = new Set<string>([
  ...files,
  '/proc/cpuinfo',
  'cpuinfo',
  'uname',
  'nproc',
  'virtual',
  'id',
  'passwd',
  'fqdn',
  'address',
  'route4',
  'route6',
  'environment',
  'links',
  'python',
  'devices',
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
