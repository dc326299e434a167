import { posix } from 'node:path';
import type { FileStat } from '../../probes/file-stat.ts';
import { makeDirectoryScript, type Ownership, putScript } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import { backupScript } from './backup.ts';
import type { Checksum } from './checksum.ts';
import { settledOwnership } from './file-ownership.ts';
import { validationCode } from './validation.ts';

/** An address and how to ask it. */
export interface Request {
  readonly url: string;
  /** Seconds for the connection, and without any data. */
  readonly timeout?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly url_username?: string | undefined;
  readonly url_password?: string | undefined;
  readonly validate_certs?: boolean | undefined;
}

/** What is to be fetched. */
export interface Download extends Request, Ownership {
  readonly dest: string;
  readonly backup?: boolean | undefined;
  readonly validate?: string | undefined;
}

/** sh code that prints what an address gives, with whichever of curl and wget the host has. */
export function fetchCode(want: Request): string {
  return `if command -v curl >/dev/null; then
${curl(want)}
elif command -v wget >/dev/null; then
${wget(want)}
else echo 'the host has neither curl nor wget; install one of them first' >&2; false; fi`;
}

// A value of curl's configuration, which it reads from its standard input: no secret stands on a command line.
function configured(option: string, value: string): string {
  return `${option} = "${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function curl(want: Request): string {
  const seconds = want.timeout ?? 10;
  const config = [
    configured('url', want.url),
    ...Object.entries(want.headers ?? {}).map(([name, value]) => configured('header', `${name}: ${value}`)),
  ];
  if (want.url_username !== undefined) {
    config.push(configured('user', `${want.url_username}:${want.url_password ?? ''}`));
  }
  if (want.validate_certs === false) config.push('insecure');
  const limits = `--connect-timeout ${seconds} --speed-limit 1 --speed-time ${seconds} --retry 2`;
  return `printf '%s\\n' ${config.map(quote).join(' ')} |
  curl -q -fsSL --proto =http,https,ftp,file --proto-redir =http,https ${limits} -K -`;
}

function wget(want: Request): string {
  const trust = want.validate_certs === false ? ' --no-check-certificate' : '';
  return `printf '%s\\n' ${quote(want.url)} | wget -q -T ${want.timeout ?? 10} -t 3${trust} -O - -i -`;
}

/** sh code that fetches a file, checks it and puts it into place. */
export function downloadScript(
  want: Download,
  {
    target,
    stat,
    tool,
    checksum,
  }: {
    readonly target: string;
    readonly stat: FileStat;
    readonly tool: 'curl' | 'wget' | undefined;
    readonly checksum: Checksum | undefined;
  },
): string {
  const lines: string[] = [];
  if (want.dest.endsWith('/')) {
    lines.push(makeDirectoryScript(posix.dirname(target), { owner: want.owner, group: want.group }));
  }
  if (want.backup) lines.push(backupScript(target));
  const fetch = tool === 'wget' ? wget(want) : curl(want);
  const checks: string[] = [];
  if (checksum) {
    checks.push(
      `provision_sum=$(${checksum.name}sum <"$1") || exit 1`,
      `[ "\${provision_sum%% *}" = ${checksum.hex} ] || {`,
      `  echo "the checksum is \${provision_sum%% *}, not ${checksum.hex}: the file at the address is another one, or was cut short"; exit 1; }`,
    );
  }
  const validate = validationCode(want.validate);
  if (validate !== undefined) checks.push(validate);
  lines.push(
    putScript(target, fetch, settledOwnership(want, stat), checks.length > 0 ? checks.join('\n') : undefined),
  );
  return lines.join('\n');
}
