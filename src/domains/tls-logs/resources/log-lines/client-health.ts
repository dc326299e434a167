import type { Json } from '../../../../resources/resource.ts';
import { withoutRoots } from '../../../../shell/openssl.ts';
import { quote } from '../../../../shell/quote.ts';
import { connectScript, printTls } from '../../probes/tls-port.ts';
import { memoryQueueScript, readMemoryQueue } from './memory-queue.ts';

/** What is asked of a client, as the resource log_line has it. */
interface Wanted {
  readonly target: string;
  readonly port: number;
  readonly server_name?: string;
  readonly ca: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly service: string;
}

// Where the roles let rsyslog keep what it could not send yet.
const spool = '/var/spool/rsyslog';

/** sh code on a log client: its connection to the log server, its certificate, daemon, queue and disk. */
export function clientHealthScript(want: Wanted, _token: string, ahead: boolean): string {
  const { target: host, port, server_name: name, ca, certificate, key, service } = want;
  const own = certificate && key ? { certificate, key } : {};
  return `LC_ALL=C; export LC_ALL
${ahead ? `[ -e ${quote(ca)} ] || exit 1` : ''}
${connectScript({ host, port, ...(name !== undefined && { name }), ca, ...own })}
${printTls}
${certificate === undefined ? '' : `printf 'own %s\\n' "$(${withoutRoots} openssl x509 -in ${quote(certificate)} -noout -enddate 2>/dev/null)"`}
printf 'daemon %s\\n' "$(systemctl is-active ${quote(service)} 2>/dev/null)"
queued=0
set -- ${spool}/*.[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]
if [ -e "$1" ]; then
  for size in $(stat -c %s -- "$@" 2>/dev/null); do queued=$((queued + size)); done
fi
printf 'queued %s\\n' "$queued"
${memoryQueueScript(spool)}
${diskScript(spool)}
true`;
}

/** sh code that prints of the file system below a directory, or what of it is there: `disk TOTAL FREE DEVICE` in KiB. */
export function diskScript(directory: string): string {
  return `directory=${quote(directory)}
while [ -n "$directory" ] && [ ! -d "$directory" ]; do directory=\${directory%/*}; done
df -Pk -- "\${directory:-/}" 2>/dev/null | { read -r skip; read -r device total used free skip; printf 'disk %s %s %s\\n' "$total" "$free" "$device"; }`;
}

/** Reads what `clientHealthScript` printed: `daemon`, `queued` (bytes on disk), `waiting` and `discarded` (lines), `ends` of the own certificate (ISO 8601), `disk` (bytes). */
export function readClientHealth(text: string): { readonly [key: string]: Json } {
  const line = (word: string): string => new RegExp(`^${word} (.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const ends = dateOf(line('own'));
  const disk = readDisk(text);
  return {
    ...(ends !== undefined && { ends }),
    daemon: line('daemon') || 'unknown',
    queued: Number(/^\d+$/.exec(line('queued'))?.[0] ?? 0),
    ...readMemoryQueue(text),
    ...(disk && { disk }),
  };
}

/** The file system of a text with a line `disk TOTAL FREE DEVICE`. */
export function readDisk(text: string): { readonly total: number; readonly free: number } | undefined {
  const [, total, free] = /^disk (\d{1,15}) (\d{1,15}) /m.exec(text) ?? [];
  return total === undefined ? undefined : { total: Number(total) * 1024, free: Number(free) * 1024 };
}

/** A date as openssl prints it (`notAfter=Feb 18 10:00:00 2027 GMT`), as ISO 8601. */
export function dateOf(text: string): string | undefined {
  const time = Date.parse(text.replace(/^notAfter=/, ''));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
