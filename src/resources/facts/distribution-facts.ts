/** Facts about the operating system's release. */
export interface DistributionFacts {
  readonly [key: string]: string | { readonly [key: string]: string };
}

const names: Readonly<Record<string, string>> = {
  almalinux: 'AlmaLinux',
  alpine: 'Alpine',
  amzn: 'Amazon',
  arch: 'Archlinux',
  centos: 'CentOS',
  debian: 'Debian',
  devuan: 'Devuan',
  fedora: 'Fedora',
  gentoo: 'Gentoo',
  kali: 'Kali',
  linuxmint: 'Linux Mint',
  ol: 'OracleLinux',
  'opensuse-leap': 'openSUSE Leap',
  'opensuse-tumbleweed': 'openSUSE Tumbleweed',
  pop: 'Pop!_OS',
  raspbian: 'Debian',
  rhel: 'RedHat',
  rocky: 'Rocky',
  sles: 'SLES',
  ubuntu: 'Ubuntu',
};

const families: readonly (readonly [string, readonly string[]])[] = [
  ['Debian', ['debian', 'ubuntu']],
  ['RedHat', ['rhel', 'fedora', 'centos', 'amzn', 'ol', 'rocky', 'almalinux']],
  ['Suse', ['suse', 'opensuse', 'sles', 'opensuse-leap', 'opensuse-tumbleweed']],
  ['Archlinux', ['arch']],
  ['Alpine', ['alpine']],
  ['Gentoo', ['gentoo']],
];

function readAssignments(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key, value = ''] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? [];
    if (key) values.set(key, value.replace(/^(["'])(.*)\1$/, '$2').replace(/\\(["'$`\\])/g, '$1'));
  }
  return values;
}

/** Release facts from /etc/os-release and, on Debian, /etc/debian_version. */
export function distributionFacts(osRelease: string, debianVersion: string): DistributionFacts {
  const values = readAssignments(osRelease);
  const id = values.get('ID') ?? 'linux';
  const like = [id, ...(values.get('ID_LIKE') ?? '').split(/\s+/)];
  const name = names[id] ?? values.get('NAME') ?? id;
  const plain = values.get('VERSION_ID') ?? '';
  const precise = /^\d+(\.\d+)*$/.test(debianVersion) && name === 'Debian' ? debianVersion : plain;
  const version = precise || (/\//.test(debianVersion) ? (debianVersion.split('/')[0] ?? '') : 'NA');
  const release =
    values.get('VERSION_CODENAME') ??
    (/\//.test(debianVersion) ? debianVersion.split('/')[0] : undefined) ??
    'NA';
  const family = families.find(([, ids]) => like.some((one) => ids.includes(one)))?.[0] ?? name;
  return {
    distribution: name,
    distribution_version: version,
    distribution_major_version: version.split('.')[0] ?? version,
    ...(name === 'Debian' &&
      /^\d+\.\d+/.test(version) && { distribution_minor_version: version.split('.')[1] ?? '' }),
    distribution_file_path: '/etc/os-release',
    distribution_file_variety: family,
    distribution_release: release,
    os_family: family,
    lsb: {
      id: name,
      release: plain || version,
      codename: release,
      description: values.get('PRETTY_NAME') ?? name,
      major_release: version.split('.')[0] ?? version,
    },
  };
}
