import type { Json } from '../../../../resources/resource.ts';
import { withoutRoots } from '../../../../shell/openssl.ts';
import { quote } from '../../../../shell/quote.ts';
import { readStorageEncryption, storageEncryptionScript } from '../../probes/storage-encryption.ts';
import { dateOf, diskScript, readDisk } from './client-health.ts';
import { tag } from './listen-script.ts';

/** What is asked of a log server, as the resource log_line has it. */
interface Wanted {
  readonly file: string;
  readonly name: string;
  readonly deployed?: string;
  readonly service: string;
}

// Bytes at the end of a file of several hosts in which the last line of each is looked for.
const searched = 1_048_576;

/**
 * sh code on the log server: prints `ready`, then `arrived TOKEN now=.. at=.. ..` for each client, and ends. A file of one client is as
 * old as its last line; where files are named after programs the newest counts; in one for several the line itself is looked for.
 */
export function serverHealthScript(wants: readonly Wanted[], tokens: readonly string[]): string {
  const [first] = wants;
  const byFile = Map.groupBy(wants, ({ file }) => file);
  const directory = (first?.file ?? '/').replace(/\/[^/]*$/, '') || '/';
  const lasts = wants.map(({ file, name }, index) => {
    const shared = (byFile.get(file)?.length ?? 0) > 1;
    const look = shared
      ? `at='' line=$(tail -c ${searched} -- ${quote(file)} 2>/dev/null | grep -a -F -e ${quote(name)} | tail -n 1 | cut -c 1-40)`
      : `set -- ${patternOf(file)}; line='' at=$(stat -L -c %Y -- "$@" 2>/dev/null | sort -n | tail -n 1)`;
    return `${look}\nprintf 'arrived %s %s at=%s line=%s\\n' ${quote(tokens[index] ?? '')} "$common" "$at" "$line"`;
  });
  return `LC_ALL=C; export LC_ALL
common="now=$(date +%s) daemon=$(systemctl is-active ${quote(first?.service ?? 'rsyslog')} 2>/dev/null)"
disk=$(${diskScript(directory)})
set -- $disk
common="$common total=\${2:-} free=\${3:-}"
${storageEncryptionScript(directory)}
common="$common encryption=$encryption"
${first?.deployed === undefined ? '' : `ends=$(${withoutRoots} openssl x509 -in ${quote(first.deployed)} -noout -enddate 2>/dev/null)\ncommon="$common ends=$(printf %s "\${ends#notAfter=}" | tr ' ' _)"`}
echo ready
${lasts.join('\n')}`;
}

// Files of other programs lie beside that of the proving lines.
function patternOf(file: string): string {
  return file.split(tag).map(quote).join('*');
}

/**
 * Reads one line that `serverHealthScript` printed, without the token: `daemon`, `age` of the last line (seconds), `ends` of the deployed
 * certificate (ISO 8601), `disk` (bytes), `encryption`.
 */
export function readServerHealth(detail: string): { readonly [key: string]: Json } {
  const word = (name: string): string => new RegExp(`(?:^| )${name}=(\\S*)`).exec(detail)?.[1] ?? '';
  const now = Number(word('now'));
  const line = /(?:^| )line=(.*)$/.exec(detail)?.[1] ?? '';
  const at = /^\d+$/.test(word('at')) ? Number(word('at')) : timeOf(line, now);
  const ends = dateOf(word('ends').replaceAll('_', ' '));
  const disk = readDisk(`disk ${word('total')} ${word('free')} -`);
  return {
    daemon: word('daemon') || 'unknown',
    ...(at !== undefined && { age: Math.max(0, now - at) }),
    ...(ends !== undefined && { ends }),
    ...(disk && { disk }),
    encryption: readStorageEncryption(word('encryption')),
  };
}

// RFC 3339 (precise), `1 ` before it (RFC 5424), within JSON, or `Nov 28 10:02:03` without a year (traditional): seconds since 1970.
function timeOf(line: string, now: number): number | undefined {
  const full = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/.exec(line)?.[0];
  if (full !== undefined) return Math.floor(Date.parse(full) / 1000);
  const [, day] = /^([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)/.exec(line) ?? [];
  if (day === undefined) return undefined;
  const year = new Date(now * 1000).getUTCFullYear();
  const times = [year, year - 1].map((one) => Date.parse(`${day} ${one} UTC`) / 1000);
  return times.find((time) => time <= now + 86_400);
}
