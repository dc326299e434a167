import type { Json } from '../resource.ts';

type Facts = { readonly [key: string]: Json };
type Part = (name: string) => string;

/** Names of a machine and its parts, as the kernel has them below /sys/class/dmi/id. */
export const machineNames = [
  'product_name',
  'product_serial',
  'product_uuid',
  'product_version',
  'sys_vendor',
  'bios_date',
  'bios_vendor',
  'bios_version',
  'board_name',
  'board_serial',
  'board_vendor',
  'board_version',
  'chassis_vendor',
  'chassis_version',
] as const;

/** Kinds of host keys. */
export const keyTypes = ['dsa', 'rsa', 'ecdsa', 'ed25519'] as const;

// What a board does not say has a name of its own.
function machine(part: Part): Facts {
  const named = machineNames.map((name) => {
    const fact = name === 'sys_vendor' ? 'system_vendor' : name;
    return [fact, part(`/sys/class/dmi/id/${name}`).trim() || 'NA'] as const;
  });
  return Object.fromEntries(named);
}

function hostKeys(part: Part): Facts {
  const keys = keyTypes.flatMap((type) => {
    const [kind, key] = part(`/etc/ssh/ssh_host_${type}_key.pub`).split(' ');
    if (kind === undefined || key === undefined) return [];
    const fact = `ssh_host_key_${type}_public`;
    return [
      [fact, key],
      [`${fact}_keytype`, kind],
    ] as const;
  });
  return Object.fromEntries(keys);
}

function resolver(text: string): Facts {
  const words = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([word = '#', value]) => value !== undefined && !/^[#;]/.test(word));
  const of = (name: string) => words.filter(([word]) => word === name).map(([, ...rest]) => rest);
  const options = of('options')
    .flat()
    .map((option) => option.split(':'))
    .map(([name = '', value]) => [name, value ?? true] as const);
  const [domain] = of('domain').at(-1) ?? [];
  const search = of('search').at(-1);
  const nameservers = of('nameserver').flat();
  return {
    ...(nameservers.length > 0 && { nameservers }),
    ...(domain !== undefined && { domain }),
    ...(search && { search }),
    ...(options.length > 0 && { options: Object.fromEntries(options) }),
  };
}

// Of what is given twice the last counts in `cmdline`, all in `proc_cmdline`.
function commandLine(text: string): Facts {
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(
      (word) =>
        [word.split('=')[0] ?? '', word.includes('=') ? word.slice(word.indexOf('=') + 1) : true] as const,
    );
  const all = new Map<string, Json>();
  for (const [name, value] of words) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]);
  }
  return { cmdline: Object.fromEntries(words), proc_cmdline: Object.fromEntries(all) };
}

function python(text: string): Facts {
  const minors = text
    .split('\n')
    .map((name) => Number(/^python3\.(\d{1,4})$/.exec(name)?.[1] ?? Number.NaN))
    .filter((minor) => !Number.isNaN(minor));
  if (minors.length === 0) return {};
  const minor = Math.max(...minors);
  return {
    python_version: `3.${minor}`,
    python: {
      executable: '/usr/bin/python3',
      type: 'cpython',
      has_sslcontext: true,
      version: { major: 3, minor },
      version_info: [3, minor],
    },
  };
}

function memory(text: string): Facts {
  const megabytes = (name: string) =>
    Math.floor(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024);
  const total = megabytes('MemTotal');
  const free = megabytes('MemFree');
  const unused = free + megabytes('Cached') + megabytes('Buffers');
  const swap = { total: megabytes('SwapTotal'), free: megabytes('SwapFree') };
  return {
    memory_mb: {
      real: { total, free, used: total - free },
      nocache: { free: unused, used: total - unused },
      swap: { ...swap, used: swap.total - swap.free, cached: megabytes('SwapCached') },
    },
  };
}

const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB'];

function sizeText(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 1024 ** power).toFixed(2)} ${units[power]}`;
}

function devices(text: string): Facts {
  const found: Record<string, Facts & { readonly partitions: Record<string, Facts> }> = {};
  let disk = '';
  for (const line of text.split('\n')) {
    const [kind, name = '', sectors = '0', ...rest] = line.split('|').map((word) => word.trim());
    // The kernel counts in sectors of 512 bytes, whatever those of the disk are.
    const size = { sectors, size: sizeText(Number(sectors) * 512) };
    if (kind === 'disk') {
      const [removable = '', , rotational = '', sectorsize = '512', model = '', vendor = ''] = rest;
      disk = name;
      found[name] = {
        ...size,
        removable,
        rotational,
        sectorsize,
        model: model || null,
        vendor: vendor || null,
        partitions: {},
      };
    } else if (kind === 'part') {
      const partitions = found[disk]?.partitions;
      if (partitions) partitions[name] = { ...size, start: rest[0] ?? '', sectorsize: 512 };
    }
  }
  return { devices: found };
}

/** What the kernel and files say of the machine, its resolver, keys, disks and Python. */
export function systemFacts(part: Part, architecture: string, uid: string, gid: string): Facts {
  const native = part('/var/lib/dpkg/arch').split('\n')[0] || architecture;
  const bits = /64|s390x/.test(native) ? '64' : '32';
  return {
    ...machine(part),
    ...hostKeys(part),
    ...commandLine(part('/proc/cmdline')),
    ...memory(part('/proc/meminfo')),
    ...python(part('python')),
    ...devices(part('devices')),
    dns: resolver(part('/etc/resolv.conf')),
    fips: part('/proc/sys/crypto/fips_enabled').trim() === '1',
    userspace_bits: bits,
    userspace_architecture: bits === '64' ? architecture : native,
    real_user_id: Number(uid),
    real_group_id: Number(gid),
    effective_user_id: Number(uid),
    effective_group_id: Number(gid),
  };
}
