import { quote } from '../../../shell/quote.ts';

/** A port of a container's connections: one that it serves, or one of a server that it sends to. */
export interface LinkPort {
  readonly port: number;
  readonly side: 'serves' | 'sends';
}

/** A file system, in bytes. */
export interface LogDisk {
  readonly total: number;
  readonly free: number;
}

/** sh code that prints a container's connections ($provision_pid, in its own network) and the disk of its log ($provision_log). */
export function linkScript(link: LinkPort | undefined): string {
  const filter = link && `( ${link.side === 'serves' ? 'sport' : 'dport'} = :${link.port} )`;
  const look =
    filter === undefined
      ? ''
      : `[ "\${provision_pid:-0}" = 0 ] || { provision_links=$(nsenter -t "$provision_pid" -n ss -HtniO state established ${quote(filter)} 2>/dev/null) && provision_print links "seen
$provision_links"; }\n`;
  return `${look}case \${provision_log:-} in /*) provision_print disk "$(df -Pk -- "\${provision_log%/*}" 2>/dev/null)" ;; esac`;
}

/** Seconds since data last came over each connection, or was sent; undefined where connections were not seen. */
export function readLinks(text: string, side: LinkPort['side']): readonly number[] | undefined {
  const [first, ...lines] = text.split('\n').filter((line) => line.trim() !== '');
  if (first !== 'seen') return undefined;
  const word = side === 'serves' ? 'lastrcv' : 'lastsnd';
  // ss leaves out what is 0.
  return lines.map((line) => Number(new RegExp(`\\b${word}:(\\d{1,12})\\b`).exec(line)?.[1] ?? 0) / 1000);
}

/** The file system that df showed. */
export function readLogDisk(text: string): LogDisk | undefined {
  const [, total, free] = /\s(\d{1,15})\s+\d+\s+(\d{1,15})\s+\d+%\s/.exec(text) ?? [];
  return total === undefined ? undefined : { total: Number(total) * 1024, free: Number(free) * 1024 };
}
