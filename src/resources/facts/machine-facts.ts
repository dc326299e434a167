import type { Json } from '../resource.ts';

type Facts = { readonly [key: string]: Json };

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

// Of ranges as the kernel writes them: `0-3,5`.
function countOf(ranges: string): number {
  const counts = ranges.split(',').map((range) => {
    const [first = '', last = first] = range.split('-');
    return Number(last) - Number(first) + 1;
  });
  return ranges === '' ? 0 : counts.reduce((sum, count) => sum + count, 0);
}

// For each its number, maker and model; undefined where not all of them were sent.
function processorsOf(text: string, count: number): readonly string[] | undefined {
  const words = lines(text).flatMap((line) => {
    const [, key, value = ''] = /^(processor|vendor_id|model name)\s*:\s*(.*)$/.exec(line) ?? [];
    return key === undefined ? [] : [value];
  });
  return words.length === 3 * count ? words : undefined;
}

/** Processors, memory, uptime, virtualization. */
export function machineFacts(part: (name: string) => string): Facts {
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(part('/proc/meminfo'))?.[1] ?? 0);
  const megabytes = (name: string) => Math.floor(kilobytes(name) / 1024);
  const processors = new Set(lines(part('cpuinfo') || part('/proc/cpuinfo')));
  const cpu = (name: string) =>
    [...processors]
      .toSorted()
      .filter((line) => line.startsWith(name))
      .map((line) => line.split(':')[1]?.trim() ?? '');
  const vcpus = Number(part('nproc') || countOf(part('/sys/devices/system/cpu/present')) || 1);
  const sockets = new Set(cpu('physical id')).size || 1;
  const cores = Number(cpu('cpu cores')[0] ?? Math.max(1, Math.floor(vcpus / sockets)));
  const siblings = Number(cpu('siblings')[0] ?? cores);
  const [one, five, fifteen] = part('/proc/loadavg').split(' ').map(Number);
  const virtual = part('virtual');
  return {
    processor_vcpus: vcpus,
    processor_nproc: vcpus,
    processor_count: sockets,
    processor_cores: cores,
    processor_threads_per_core: Math.max(1, Math.floor(siblings / cores)),
    processor: processorsOf(part('/proc/cpuinfo'), vcpus) ?? cpu('model name'),
    memtotal_mb: megabytes('MemTotal'),
    memfree_mb: megabytes('MemFree'),
    swaptotal_mb: megabytes('SwapTotal'),
    swapfree_mb: megabytes('SwapFree'),
    uptime_seconds: Math.floor(Number(part('/proc/uptime').split(' ')[0] ?? 0)),
    loadavg: { '1m': one ?? 0, '5m': five ?? 0, '15m': fifteen ?? 0 },
    virtualization_type: virtual === '' || virtual === 'none' ? 'NA' : virtual,
    virtualization_role: virtual === '' || virtual === 'none' ? 'NA' : 'guest',
  };
}

// Spaces in mount points travel as \040.
function unescaped(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_all, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** File systems of devices, as they are mounted. */
export function mountFacts(text: string): readonly Facts[] {
  return lines(text)
    .map((line) => line.split(' '))
    .filter(([device = '']) => device.startsWith('/') || device.includes(':/'))
    .map(([device = '', mount = '', fstype = '', options = '']) => ({
      device: unescaped(device),
      mount: unescaped(mount),
      fstype,
      options,
    }));
}

/** The host's clock. */
export function timeFacts(text: string): Facts {
  const [
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '',
    epoch = '0',
    tz = '',
    offset = '',
    weekday = '',
    number = '',
    week = '',
  ] = text.split('|');
  // A host may answer anything; what is no time must not become an error.
  const utc = new Date(/^\d{1,11}$/.test(epoch) ? Number(epoch) * 1000 : 0).toISOString();
  return {
    year,
    month,
    day,
    hour,
    minute,
    second,
    epoch,
    epoch_int: epoch,
    date: `${year}-${month}-${day}`,
    time: `${hour}:${minute}:${second}`,
    iso8601: utc.replace(/\.\d+Z$/, 'Z'),
    iso8601_basic_short: `${year}${month}${day}T${hour}${minute}${second}`,
    tz,
    tz_offset: offset,
    weekday,
    weekday_number: number,
    weeknumber: week,
  };
}
